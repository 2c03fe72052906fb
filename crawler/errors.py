"""What can go wrong with one target; each error names the thing it concerns.

CrawlError
|- TargetError              no such form of target, or a list that cannot be read
|- FetchError               the target could not be brought here
|  `- ClientError           the client itself cannot work: every target of its kind is concerned
|     `- ClientMissingError it is not installed
`- SnapshotError            the files are damaged, hostile or too many
"""

LASTING = frozenset(("not found", "not a target", "damaged", "too large", "address refused", "died"))


class CrawlError(Exception):
    """Something about `what` failed because of `reason`; as text, one clear line of both.

    `cause` is one of a few words, for counting and for when to try again: those in `LASTING` will not pass by waiting.
    """

    usual_cause = "other"

    def __init__(self, what: str, reason: str, *, cause: str | None = None) -> None:
        super().__init__(what, reason)
        self.what = what
        # Names and messages come from strangers; a line break in one would start a line of their own.
        self.reason = _one_line(reason)
        self.cause = cause or self.usual_cause

    def __str__(self) -> str:
        return f"{_one_line(self.what)}: {self.reason}"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in " ".join(text.split()))


class TargetError(CrawlError):
    """The text names no target in an accepted form."""

    usual_cause = "not a target"


class FetchError(CrawlError):
    """The target could not be brought to this machine."""

    usual_cause = "not fetched"


class ClientError(FetchError):
    """The ecosystem's client cannot work at all, so one try speaks for all its targets."""

    usual_cause = "out of reach"


class ClientMissingError(ClientError):
    """The ecosystem's client is not installed."""

    usual_cause = "client missing"


class SnapshotError(CrawlError):
    """The target's files are damaged, hostile, or beyond the limits."""

    usual_cause = "damaged"
