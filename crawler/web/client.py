"""The requests themselves, in an event loop: paced, guarded, redirected and tried again.

Not for callers in threads: crawler/web/web.py gives them the same.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import httpx
import stamina
from aiohttp.abc import AbstractResolver

from crawler.web.body import Decoder, read_body, write_body
from crawler.web.failures import WIRE_ERRORS, rate_limited, refusal, wire_failure
from crawler.web.guard import check_address
from crawler.web.pace import Pace
from crawler.web.records import Answer, WebError, WebSetting, plain_address
from crawler.web.robots import ROBOT, ROBOTS_BYTES, Robots
from crawler.web.transport import SharedClient

_HOPS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
# What may be told to any host; whatever else a caller sends is for the host that it named.
_HARMLESS = frozenset(("accept", "accept-encoding", "accept-language", "if-modified-since", "if-none-match"))
_NO_BODY = httpx.ByteStream(b"")
_CONDITIONS = ("if-none-match", "if-modified-since")

# Tries that are repeated are no news for people: without a handler they would be printed.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@dataclass(slots=True)
class _Ask:
    """One thing that is wanted, however many requests it takes."""

    url: httpx.URL
    headers: httpx.Headers
    limit: int
    robots: bool = False
    file: Path | None = None
    deadline: float | None = None

    def patience(self, now: float, patience: float) -> float:
        """Tell how much longer it may be waited for; the first time that this is asked the clock starts."""
        if self.deadline is None:
            self.deadline = now + patience
        return self.deadline - now


class AsyncWeb:
    """What crawler/web/web.py offers, for callers inside an event loop; use as an asynchronous context manager."""

    def __init__(self, setting: WebSetting, resolver: AbstractResolver | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._setting = setting
        self._resolver = resolver
        self._paces: dict[str, Pace] = {}
        self._timeouts = {
            "timeout": {
                "connect": setting.connect_seconds,
                "pool": setting.connect_seconds,
                "read": setting.read_seconds,
            }
        }
        contact = f" (+{setting.contact})" if setting.contact else ""
        agent = f"{ROBOT}/{metadata.version('toolrisk')}{contact}"
        usual = {"user-agent": _sendable(agent), "accept": "*/*", "accept-encoding": "gzip"}
        self._usual = httpx.Headers(usual)

    async def __aenter__(self) -> Self:
        self._client = SharedClient(
            guarded=not self._setting.allow_private, resolver=self._resolver, counts=self.counts
        )
        self._at_once = asyncio.Semaphore(self._setting.at_once)
        self._robots = Robots(partial(self.get, max_bytes=ROBOTS_BYTES))
        self._now = asyncio.get_running_loop().time
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int, robots: bool = False
    ) -> Answer:
        """Fetch into memory."""
        return await self._answer(_Ask(_parsed(url), self._headers(headers), max_bytes, robots))

    async def download(
        self, url: str, file: Path, *, headers: Mapping[str, str] | None = None, max_bytes: int
    ) -> Answer:
        """Fetch into a file, which is there only when it is whole."""
        return await self._answer(_Ask(_parsed(url), self._headers(headers), max_bytes, file=file))

    def _headers(self, given: Mapping[str, str] | None) -> httpx.Headers:
        if not given:
            return self._usual
        return httpx.Headers({**self._usual, **{name.lower(): _sendable(value) for name, value in given.items()}})

    async def _answer(self, ask: _Ask) -> Answer:
        try:
            return await self._try(ask)
        except WebError as error:
            if not error.transient:
                raise
            first = error
        setting = self._setting
        async for attempt in stamina.retry_context(
            on=_again,
            attempts=setting.attempts,
            timeout=ask.patience(self._now(), setting.patience),
            wait_initial=setting.first_wait,
            wait_jitter=setting.first_wait,
            wait_max=min(setting.patience, 30.0),
        ):
            with attempt:
                if attempt.num == 1:
                    # It was made above: setting up for tries costs more than most requests, which need only one.
                    raise first
                return await self._try(ask)
        raise first

    async def _try(self, ask: _Ask) -> Answer:
        url, headers = ask.url, ask.headers
        for _ in range(_HOPS + 1):
            check_address(url, self._setting)
            pace = self._pace(url.host)
            if ask.robots:
                pace.gap = max(pace.gap, await self._robots.check(url))
            found = await self._request(ask, url, headers, pace)
            if isinstance(found, Answer):
                return found
            target = _redirected(url, found)
            if (target.scheme, target.netloc) != (url.scheme, url.netloc):
                headers = self._headers({name: value for name, value in headers.items() if name in _HARMLESS})
            url = target
        raise WebError(plain_address(ask.url), f"redirects more than {_HOPS} times", cause="redirect")

    def _pace(self, host: str) -> Pace:
        pace = self._paces.get(host)
        if pace is None:
            pace = self._paces[host] = Pace(self._setting.per_host, self._setting.rate)
        return pace

    async def _request(self, ask: _Ask, url: httpx.URL, headers: httpx.Headers, pace: Pace) -> Answer | str:
        """Send one request when its turn has come; give the answer, or where a redirect leads."""
        async with pace.turns:
            await self._turn(ask, url, pace)
            async with self._at_once:
                # Each of these spares a search through the headers: the body, and the encoding that they are in.
                request = httpx.Request("GET", url, headers=headers, stream=_NO_BODY, extensions=self._timeouts)
                request.read()
                request.headers.encoding = "ascii"
                try:
                    async with asyncio.timeout(self._setting.total_seconds) as total:
                        response = await self._client.exchange(request)
                        try:
                            return await self._read(ask, url, response, pace)
                        finally:
                            await response.aclose()
                except WIRE_ERRORS as error:
                    if total.expired():
                        reason = f"was not whole after {self._setting.total_seconds:g} seconds"
                        raise WebError(plain_address(url), reason, cause="timed out") from error
                    raise wire_failure(plain_address(url), error) from error

    async def _turn(self, ask: _Ask, url: httpx.URL, pace: Pace) -> None:
        while (closed := pace.closed_until - self._now()) > 0:
            left = ask.patience(self._now(), self._setting.patience)
            if closed > left:
                raise rate_limited(plain_address(url), "its host wants to be left alone", closed, left)
            await asyncio.sleep(closed)
        wait = pace.take_slot(self._now())
        if wait > 0:
            await asyncio.sleep(wait)

    async def _read(self, ask: _Ask, url: httpx.URL, response: httpx.Response, pace: Pace) -> Answer | str:
        status = response.status_code
        headers = _received(response)
        if status == 200:
            chunks = cast("AsyncIterable[bytes]", response.stream)
            encoding = headers.get("content-encoding", "").strip().lower()
            decoder = Decoder(url, encoding, headers.get("content-length", ""), ask.limit)
            if ask.file is None:
                return Answer(200, str(url), headers, await read_body(chunks, decoder))
            await write_body(chunks, decoder, ask.file)
            return Answer(200, str(url), headers, b"")
        if status == 304 and any(name in ask.headers for name in _CONDITIONS):
            return Answer(304, str(url), headers, b"")
        if status in _REDIRECTS:
            return headers.get("location", "")
        error = refusal(plain_address(url), status, headers, ask.patience(self._now(), self._setting.patience))
        if error.wait is not None:
            pace.closed_until = max(pace.closed_until, self._now() + error.wait)
        raise error


def _again(error: Exception) -> bool:
    return isinstance(error, WebError) and error.transient


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError):
        raise WebError(plain_address(url), "is no web address", cause="address refused") from None


def _redirected(url: httpx.URL, location: str) -> httpx.URL:
    try:
        target = url.join(location)
    except (httpx.InvalidURL, ValueError):
        location = ""
    if not location:
        raise WebError(plain_address(url), "redirects to nowhere", cause="redirect")
    if url.scheme == "https" and target.scheme == "http":
        raise WebError(plain_address(url), "redirects from https to http", cause="redirect")
    return target.copy_with(fragment=None)


def _received(response: httpx.Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in response.headers.raw:
        key = name.decode("ascii", "replace").lower()
        text = value.decode("utf-8", "replace")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _sendable(value: str) -> str:
    # Validators come from strangers: what no header may hold must not stop the request, or end the line.
    return "".join(character if character.isascii() and character.isprintable() else "?" for character in value)
