"""What is said to and kept of a server that is asked while it runs: the target, the limits, the answer.

Not for asking: crawler/live/asking.py does, and only when a person wants foreign code run or a server called.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from catalog.records import Extraction
from crawler.errors import TargetError
from crawler.recovery.extract import MAX_TOOLS

_SHORTEST_SECRET = 4
LIVE_FORMS = '"stdio:COMMAND ARGUMENT...", or https://HOST/PATH (http:// only on this machine)'


@dataclass(frozen=True, slots=True)
class LiveTarget:
    """A server to ask: a command to start, or the address of one that runs."""

    command: tuple[str, ...] = ()
    url: str = ""

    @property
    def on_this_machine(self) -> bool:
        """Tell whether the address itself says that it is this machine's."""
        return _is_loopback(urlsplit(self.url).hostname or "")

    def __str__(self) -> str:
        """Write the target without the query of its address, which may hold a key."""
        return f"stdio:{shlex.join(self.command)}" if self.command else self.url.partition("?")[0]


@dataclass(frozen=True, slots=True)
class LiveSetting:
    """How a server is asked. `environment` is all that a started one sees besides its own HOME and TMPDIR.

    `max_bytes` bounds everything that it sends, on all its channels together, and `max_values` the JSON values in it.
    `secrets` are the values among `environment` and `headers` that are never shown.
    """

    seconds: float = 60.0
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    allow_private: bool = False
    max_bytes: int = 32 * 1024 * 1024
    max_values: int = 500_000
    max_pages: int = 1_000
    max_tools: int = MAX_TOOLS

    def conceal(self, text: str) -> str:
        """Take the secrets out of a text that a server may have put them into."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            # A shorter one would be found in half of all words, and is no secret.
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, "[concealed]")
        return text


@dataclass(frozen=True, slots=True)
class LiveListing:
    """What a running server said of itself and of its tools."""

    name: str | None
    version: str | None
    protocol: str | None
    extraction: Extraction


@dataclass(slots=True)
class Allowance:
    """How much a server may still send; `refusal` says why no more was taken.

    JSON values are counted before they are parsed, by what stands between them: as objects they take up to a hundred
    times the memory that they took as text.
    """

    total_bytes: int
    total_values: int
    received: int = 0
    values: int = 0
    refusal: str | None = None

    def take(self, chunk: bytes) -> bool:
        """Count what came of messages; False once there was too much."""
        self.values += chunk.count(b",") + chunk.count(b"[") + chunk.count(b"{")
        if self.values > self.total_values:
            self.refusal = self.refusal or f"it sent more than {self.total_values:,} values"
        return self.take_text(chunk)

    def take_text(self, chunk: bytes) -> bool:
        """Count what came but is never parsed; False once there was too much."""
        self.received += len(chunk)
        if self.received > self.total_bytes:
            self.refusal = self.refusal or f"it sent more than {self.total_bytes:,} bytes"
        return self.refusal is None


def parse_live_target(text: str) -> LiveTarget:
    """Read a live target as a person writes it. Raises TargetError, naming the accepted forms."""
    kind, colon, rest = text.partition(":")
    if colon and kind == "stdio":
        return LiveTarget(command=_split_command(text, rest))
    if colon and kind in ("https", "http"):
        _check_url(text)
        return LiveTarget(url=text)
    raise TargetError(text, f"not a live target; accepted: {LIVE_FORMS}")


def _split_command(text: str, rest: str) -> tuple[str, ...]:
    if "\0" in rest:
        raise TargetError(text, "a command cannot hold a NUL character")
    try:
        command = tuple(shlex.split(rest))
    except ValueError as error:
        raise TargetError(text, f"the command cannot be split into words: {error}") from error
    if not command or not command[0]:
        raise TargetError(text, f"no command in it; accepted: {LIVE_FORMS}")
    return command


def _check_url(text: str) -> None:
    shown = text.partition("?")[0]
    parts = _split_url(text)
    if parts is None or not parts.hostname or not text.isprintable() or " " in text:
        raise TargetError(shown, "not an address")
    if "@" in parts.netloc:
        # Not repeated in the message: it holds a password.
        raise TargetError(
            f"{parts.scheme}://{parts.hostname}", "no user or password in an address; use --header NAME=ENVVAR"
        )
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise TargetError(shown, "only https addresses are asked, http:// only on this machine")


def _split_url(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
