"""What can go wrong with one target; each error names the thing it concerns.

CrawlError
|- TargetError              no such form of target, or a list that cannot be read
|- FetchError               the target could not be brought here
|  `- ClientError           the client itself cannot work: every target of its kind is concerned
|     `- ClientMissingError it is not installed
`- SnapshotError            the files are damaged, hostile or too many
"""


class CrawlError(Exception):
    """Something about `what` failed because of `reason`; as text, one clear line of both."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        text = f"{self.what}: {self.reason}"
        # Names and messages come from strangers; a line break in one would start a line of their own.
        return "".join(character if character.isprintable() else " " for character in text)


class TargetError(CrawlError):
    """The text names no target in an accepted form."""


class FetchError(CrawlError):
    """The target could not be brought to this machine."""


class ClientError(FetchError):
    """The ecosystem's client cannot work at all, so one try speaks for all its targets."""


class ClientMissingError(ClientError):
    """The ecosystem's client is not installed."""


class SnapshotError(CrawlError):
    """The target's files are damaged, hostile, or beyond the limits."""
