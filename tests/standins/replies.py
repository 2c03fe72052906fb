"""How the stand-ins answer: JSON, bytes, validators. Not for what they answer."""

from hashlib import blake2b
from typing import Any

import orjson
from aiohttp import web

from tests.standins.packing import Packing
from tests.standins.world import World

WORLD = web.AppKey("world", World)
PACKING = web.AppKey("packing", Packing)
SETTINGS = web.AppKey("settings", dict[str, Any])
"""What a test may set: `token` and `limit` of the forge, keys of the keyed sources."""


def json_reply(value: object, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON."""
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=headers)


def bytes_reply(body: bytes, kind: str = "application/octet-stream", **headers: str) -> web.Response:
    """Answer with a file."""
    return web.Response(body=body, content_type=kind, headers=headers)


def etag_of(text: str) -> str:
    """Make a weak validator of what an answer depends on."""
    return f'W/"{blake2b(text.encode(), digest_size=16).hexdigest()}"'


def is_current(request: web.Request, etag: str) -> bool:
    """Tell whether the caller has this already."""
    held = request.headers.get("If-None-Match", "")
    return etag in (part.strip() for part in held.split(",")) or held == "*"


def address_of(request: web.Request) -> str:
    """Give the address that the stand-ins were asked at."""
    return f"{request.scheme}://{request.host}"


def whole_number(text: str | None, default: int) -> int | None:
    """Read a number of the query; None when it is none."""
    if text is None:
        return default
    return int(text) if text.isdecimal() and len(text) < 10 else None
