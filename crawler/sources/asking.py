"""A service that answers with JSON, asked one thing after another and never sooner than it likes.

Not for what the answers mean, and not for waiting that a service asks for: crawler/web/web.py does that.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from crawler.errors import CrawlError
from crawler.sources.strange_values import read_object
from crawler.web import Web
from crawler.web.records import plain_address

Query = Mapping[str, str | int | None]

_PAGE_BYTES = 32 << 20


@dataclass(slots=True)
class Service:
    """One service. `pause` is the least number of seconds between two questions."""

    web: Web
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    pause: float = 0.0
    _asked: float | None = None

    def ask(self, address: str, query: Query) -> Mapping[str, Any]:
        """Give the answer, an object. Raises CrawlError. Nothing is asked for what is None."""
        now = time.monotonic()
        if self._asked is not None and (wait := self._asked + self.pause - now) > 0:
            time.sleep(wait)
        self._asked = time.monotonic()
        given = urlencode({name: value for name, value in query.items() if value is not None})
        answer = self.web.get(f"{address}?{given}" if given else address, headers=self.headers, max_bytes=_PAGE_BYTES)
        return read_object(answer.body, plain_address(address))


def base_address(where: str) -> str:
    """Give the address of a service as it was written, without a slash at its end. Raises CrawlError."""
    if not where.startswith(("https://", "http://")) or any(character in where for character in "?# \t\n"):
        raise CrawlError(
            plain_address(where), "not the address of a service; write https://HOST/PATH", cause="not a target"
        )
    return where.rstrip("/")
