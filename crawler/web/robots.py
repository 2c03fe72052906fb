"""What hosts allow robots to fetch, asked once a host.

Not every fetch asks: an API that is meant for programs is not under robots.txt.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

import httpx
from protego import Protego

from crawler.web.records import Answer, WebError, plain_address

ROBOT = "toolrisk"
ROBOTS_BYTES = 512 << 10
_LONGEST_DELAY = 10.0


class Robots:
    """The robots.txt files seen so far; `fetch` brings one."""

    def __init__(self, fetch: Callable[[str], Awaitable[Answer]]) -> None:
        self._fetch = fetch
        self._rules: dict[str, Protego | WebError] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self, url: httpx.URL) -> float:
        """Raise WebError when robots may not fetch the address; tell how many seconds to leave between requests."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        async with self._asking[origin]:
            if origin not in self._rules:
                self._rules[origin] = await self._ask(origin)
        rules = self._rules[origin]
        if isinstance(rules, WebError):
            reason = f"robots.txt of its host cannot be read now ({rules.reason}); try later"
            raise WebError(plain_address(url), reason, cause="robots", retry_at=rules.retry_at)
        if not rules.can_fetch(str(url), ROBOT):
            raise WebError(plain_address(url), "robots.txt of its host forbids to fetch it", cause="robots")
        return min(max(rules.crawl_delay(ROBOT) or 0.0, 0.0), _LONGEST_DELAY)

    async def _ask(self, origin: str) -> Protego | WebError:
        try:
            answer = await self._fetch(f"{origin}/robots.txt")
        except WebError as error:
            # A host without the file, or that shows it to nobody, forbids nothing; one that is ill may.
            if error.status is not None and 400 <= error.status < 500 and error.cause != "rate limited":
                return Protego.parse("")
            return error
        return Protego.parse(answer.body.decode("utf-8", "replace"))
