"""What goes wrong on demand: by a path's pattern, for a number of requests or of seconds.

Not for deciding what a client must do about it. Everything here ends by itself.
"""

import asyncio
import re
import socket
import struct
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

_END_SECONDS = 120
_FOREVER_BYTES = 1 << 30

KINDS = (
    "close", "reset", "half", "half_gzip", "status", "redirect_loop", "redirect", "drip", "long_length",
    "endless", "cursor_loop", "garbage", "odd_types", "duplicates", "hang", "empty",
)  # fmt: skip


@dataclass(slots=True)
class Fault:
    """One fault: `path` is a regular expression searched in path and query.

    It concerns the next `times` requests after the first `after`, or all for `seconds` from when it was set. `status`
    and `retry_after` are those of the kind status, `location` that of redirect, `pause` lies between bytes of drip.
    """

    path: str
    kind: str
    times: int = 1_000_000_000
    after: int = 0
    seconds: float = 1e9
    status: int = 500
    retry_after: str | None = None
    location: str = "/"
    pause: float = 0.2
    met: int = 0
    since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(KINDS)}")

    def concerns(self, path: str) -> bool:
        """Tell whether a request meets this fault, and count it."""
        if not re.search(self.path, path) or time.monotonic() - self.since > self.seconds:
            return False
        self.met += 1
        return self.after < self.met <= self.after + self.times


@dataclass(slots=True)
class Faults:
    """Those that are set."""

    active: list[Fault] = field(default_factory=list)


FAULTS = web.AppKey("faults", Faults)


@web.middleware
async def misbehave(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer as the first fault says that the request meets, otherwise as it should be."""
    faults = request.app[FAULTS].active
    answer: web.StreamResponse
    if not faults or request.path.startswith("/control/"):
        answer = await handler(request)
        return answer
    fault = next((fault for fault in faults if fault.concerns(request.path_qs)), None)
    if fault is None:
        answer = await handler(request)
        return answer
    return await _answer(request, handler, fault)


async def _answer(request: web.Request, handler: Any, fault: Fault) -> web.StreamResponse:
    if fault.kind in ("close", "reset"):
        return _cut(request, reset=fault.kind == "reset")
    if fault.kind == "hang":
        await asyncio.sleep(_END_SECONDS)
        return _cut(request, reset=False)
    with suppress(ConnectionError):  # the caller has had enough, as it should
        return await _sent(request, handler, fault)
    return web.Response(status=500)


async def _sent(request: web.Request, handler: Any, fault: Fault) -> web.StreamResponse:
    if (at_once := _at_once(request, fault)) is not None:
        return at_once
    if fault.kind == "endless":
        return await _endless(request)
    answer = await handler(request)
    if not isinstance(answer, web.Response) or answer.status != 200:
        return answer  # type: ignore[no-any-return]
    body = answer.body if isinstance(answer.body, bytes) else b""
    if fault.kind in ("cursor_loop", "odd_types", "duplicates"):
        return _bent(request, answer, body, fault.kind)
    return await _in_part(request, answer, body, fault)


def _at_once(request: web.Request, fault: Fault) -> web.Response | None:
    """Give what is answered without asking the service; None for other kinds."""
    if fault.kind == "status":
        headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
        return web.Response(status=fault.status, text="This was asked for.", headers=headers)
    if fault.kind == "redirect_loop":
        turn = int(request.query.get("turn", "0")) + 1 if request.query.get("turn", "0").isdecimal() else 1
        return web.Response(status=302, headers={"Location": f"{request.path}?turn={turn}"})
    if fault.kind == "redirect":
        return web.Response(status=302, headers={"Location": fault.location})
    if fault.kind == "garbage":
        return web.Response(body=b"<html>\xff\xfe not what was asked for </html>", content_type="application/json")
    if fault.kind == "empty":
        return web.Response(body=b"")
    return None


def _cut(request: web.Request, *, reset: bool) -> web.Response:
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if reset and connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


async def _in_part(request: web.Request, answer: web.Response, body: bytes, fault: Fault) -> web.StreamResponse:
    """Send the right body in a wrong way: half of it, slowly, or with a length that is not its own."""
    started = web.StreamResponse(headers={"Content-Type": answer.content_type})
    if fault.kind == "half_gzip":
        packer = zlib.compressobj(wbits=31)
        packed = packer.compress(body) + packer.flush()
        body = packed[: len(packed) // 2]
        started.headers["Content-Encoding"] = "gzip"
    started.content_length = len(body) + (1000 if fault.kind == "long_length" else 0)
    await started.prepare(request)
    if fault.kind == "drip":
        ends = time.monotonic() + _END_SECONDS
        for at in range(len(body)):
            if time.monotonic() > ends or request.transport is None or request.transport.is_closing():
                break
            await started.write(body[at : at + 1])
            await asyncio.sleep(fault.pause)
        return started
    await started.write(body[: len(body) // 2] if fault.kind == "half" else body)
    if fault.kind != "half_gzip":
        await asyncio.sleep(0.02)  # what was written goes out before the connection is cut
        _cut(request, reset=fault.kind == "half")
    return started


async def _endless(request: web.Request) -> web.StreamResponse:
    started = web.StreamResponse(headers={"Content-Type": "application/json"})
    await started.prepare(request)
    ends, sent, piece = time.monotonic() + _END_SECONDS, 0, b'{"more":' * 8192
    while time.monotonic() < ends and sent < _FOREVER_BYTES:
        if request.transport is None or request.transport.is_closing():
            break
        await started.write(piece)
        sent += len(piece)
    return started


def _bent(request: web.Request, answer: web.Response, body: bytes, kind: str) -> web.Response:
    """Change what a page says."""
    try:
        page = orjson.loads(body)
    except orjson.JSONDecodeError:
        return web.Response(body=body + body if kind == "duplicates" else body, content_type=answer.content_type)
    lists = [name for name, value in page.items() if isinstance(value, list)] if isinstance(page, dict) else []
    if kind == "cursor_loop" and isinstance(page, dict):
        metadata = page.setdefault("metadata", {})
        metadata["nextCursor"] = request.query.get("cursor") or metadata.get("nextCursor") or "again"
        page["pageInfo"] = {"hasNextPage": True, "endCursor": request.query.get("after") or "again"}
    for name in lists:
        if kind == "duplicates":
            page[name] = page[name] * 2
        elif kind == "odd_types":
            odd: list[Any] = [
                1,
                None,
                "x",
                [],
                {},
                {"server": []},
                {"server": {"name": 7}},
                {"_meta": 1, "server": None},
            ]
            page[name] = odd + page[name]
    return web.Response(body=orjson.dumps(page), content_type=answer.content_type)
