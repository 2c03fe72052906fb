"""When a place is looked at again: sooner where things change, later where they do not or nothing came of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.errors import LASTING, CrawlError
from crawler.target import Target

FIRST_HOURS = 24.0
STAMPED_HOURS = 14 * 24.0  # its source tells of changes; looking without being told is only a safeguard
_SHORTEST, _LONGEST = 1.0, 30 * 24.0


@dataclass(frozen=True, slots=True)
class Due:
    """The next look: when, in ISO 8601 and UTC (None: not before something is said to have changed), and the pace."""

    at: str | None
    hours: float


def due_after_look(target: Target, hours: float, *, changed: bool, unfinished: bool = False, now: datetime) -> Due:
    """Say when to look again after a look that succeeded, though it may have lacked a dependency: `unfinished`."""
    if target.is_fixed and not unfinished:
        return Due(None, hours)
    hours = min(_LONGEST, max(_SHORTEST, hours / 2 if changed else hours * 1.5))
    return Due(_later(now, hours, target), hours)


def due_after_failure(target: Target, hours: float, error: CrawlError, failures: int, now: datetime) -> Due:
    """Say when to try again after the `failures`-th failure in a row; what will not pass by waiting is tried rarely."""
    if (retry_at := getattr(error, "retry_at", None)) is not None and retry_at > now:
        return Due(retry_at.isoformat(timespec="seconds"), hours)
    wait = min(_LONGEST, 2.0 ** min(failures - 1, 10))
    return Due(_later(now, max(wait, 7 * 24.0) if error.cause in LASTING else wait, target), hours)


def _later(now: datetime, hours: float, target: Target) -> str:
    # Spread by up to a quarter, always the same for one target, so that what was looked at together parts ways.
    spread = hashlib.blake2b(str(target).encode("utf-8", "surrogatepass"), digest_size=2).digest()
    factor = 1 + int.from_bytes(spread) / 0xFFFF / 4
    return (now + timedelta(hours=hours * factor)).isoformat(timespec="seconds")
