"""A Markdown list of servers that people keep, as its raw file is served.

Not for other lists: every bullet of a server links to its repository, and some link to what is no server.
"""

from collections.abc import Iterator
from email.utils import format_datetime

from aiohttp import web

from tests.standins.facts import Facts
from tests.standins.replies import WORLD, bytes_reply, etag_of, is_current
from tests.standins.world import World

_FEW = 100
_PREFACE = """\
# A list of servers

[![Badge](https://badges.example.com/list.svg)](https://badges.example.com/list)

See [the protocol](https://protocol.example.com/docs) and [the rules](CONTRIBUTING.md) before you add one.

- [What is it?](#what-is-it)
- [Servers](#servers)

## What is it?

A list kept by hand. Talk to us at <https://chat.example.com/list>.

"""


def add_lists(app: web.Application) -> None:
    """Add the list below /lists, and the rules for robots."""
    app.router.add_get("/lists/{owner}/{name}/{branch}/README.md", _list)
    app.router.add_get("/robots.txt", _robots)


def write_list(world: World) -> bytes:
    """Write the list as it is at this hour."""
    parts = [_PREFACE, "## Servers\n"]
    listed = (server for server in world.living() if server.in_awesome)
    for place, server in enumerate(listed):
        if place % _FEW == 0:
            parts.append(f"\n### Part {place // _FEW + 1}\n\n")
        parts.extend(_bullet(server))
    parts.append("\n## Frameworks\n\n- [A kit](https://kit.example.com/kit) to build servers with\n")
    return "".join(parts).encode()


def _bullet(server: Facts) -> Iterator[str]:
    address = f"https://github.com/{server.listed_repository}"
    if server.subfolder:
        address = f"{server.address}/tree/main/{server.subfolder}"
    title = server.repository if server.number % 2 else server.title
    marks = ("🐍", "📇", "🏎️")[server.number % 3]
    yield f"- [{title}]({address}) {marks} ☁️ - {server.summary}."
    if server.number % 9 == 0:
        yield f" Needs [a key](https://{server.name}.example.com/key)."
    yield "\n"


async def _list(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    etag = etag_of(f"list {world.seed} {world.generation}")
    written = format_datetime(world.now, usegmt=True)
    headers = {"ETag": etag, "Last-Modified": written, "Cache-Control": "max-age=300"}
    unchanged = "If-None-Match" not in request.headers and request.headers.get("If-Modified-Since") == written
    if is_current(request, etag) or unchanged:
        return web.Response(status=304, headers=headers)
    return bytes_reply(write_list(world), "text/plain", **headers)


async def _robots(_request: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nDisallow: /control/\n")
