"""How fast one host is asked, and how long it wants to be left alone.

Not for whether a try is repeated: that is crawler/web/client.py.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_WAIT = 366 * 86400.0


class Pace:
    """The requests to one host: so many at a time, so many a second, none while it is closed."""

    __slots__ = ("closed_until", "gap", "next_at", "turns")

    def __init__(self, at_a_time: int, rate: float) -> None:
        self.turns = asyncio.Semaphore(at_a_time)
        self.gap = 1 / rate if rate > 0 else 0.0
        self.next_at = 0.0
        self.closed_until = 0.0

    def take_slot(self, now: float) -> float:
        """Take the next free moment and tell how many seconds it is away."""
        moment = max(now, self.next_at)
        self.next_at = moment + self.gap
        return moment - now


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Read how many seconds a host asks to be left alone; None when it does not say so, or not clearly."""
    wait = _retry_after(headers.get("retry-after", "").strip())
    if wait is None and headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = _number(headers.get("x-ratelimit-reset", "").strip())
        wait = None if reset is None else reset - time.time()
    return None if wait is None else min(max(wait, 0.0), _LONGEST_WAIT)


def moment_after(seconds: float) -> datetime:
    """Tell when so many seconds will have passed, in UTC and whole seconds."""
    return (datetime.now(UTC) + timedelta(seconds=seconds + 0.999)).replace(microsecond=0)


def _retry_after(text: str) -> float | None:
    seconds = _number(text)
    if seconds is not None or not text:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()


def _number(text: str) -> float | None:
    # Strangers write here: only plain digits, and not so many that they are no time.
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
