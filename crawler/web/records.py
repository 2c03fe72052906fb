"""What the web is spoken to with and what comes of it: the setting, an answer, an error.

Not for speaking: that is crawler/web/web.py, which offers these names as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.errors import FetchError


@dataclass(frozen=True, slots=True)
class WebSetting:
    """How the web is spoken to. Times in seconds, sizes in bytes; `rate` is requests a second to one host.

    `at_once` bounds requests to all hosts together. `patience` is how long after the first failure it is tried again,
    `first_wait` how long before the second try; waits double from there. `total_seconds` is for one request.
    """

    contact: str | None = None
    allow_private: bool = False
    per_host: int = 4
    rate: float = 20.0
    attempts: int = 5
    patience: float = 120.0
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    total_seconds: float = 300.0
    first_wait: float = 0.5
    at_once: int = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: 200, or 304 when what the validators named is still current. Header names are lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


class WebError(FetchError):
    """Nothing usable came back; `cause` is one of a few words.

    "not found", "refused", "rate limited", "server error", "timed out", "out of reach", "connection lost", "damaged",
    "too large", "redirect", "address refused", "robots" or "odd answer". `retry_at` is when the host says that it may
    be asked again. `transient` says that another try soon may go well; `wait` is how many seconds to leave before it;
    `status` is what the host answered, if it did.
    """

    usual_cause = "odd answer"

    def __init__(
        self,
        what: str,
        reason: str,
        *,
        cause: str | None = None,
        retry_at: datetime | None = None,
        transient: bool = False,
        wait: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(what, reason, cause=cause)
        self.retry_at = retry_at
        self.transient = transient
        self.wait = wait
        self.status = status


def plain_address(url: object) -> str:
    """Write an address without what may be secret in it: no user, no password, no query, not long."""
    text = str(url).partition("?")[0].partition("#")[0]
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "", text
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"[:200]
