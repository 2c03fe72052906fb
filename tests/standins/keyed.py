"""Three sources that want a key: one with pages after a cursor, one with numbered pages, one of the registry's shape.

After their published descriptions. Not for what they offer beyond listing servers.
"""

from typing import Any

from aiohttp import web

from tests.standins.facts import Facts
from tests.standins.registry import list_page
from tests.standins.replies import SETTINGS, WORLD, json_reply, whole_number
from tests.standins.world import World

KEY = "key-for-tests"
TENANT = "tenant-for-tests"


def add_keyed(app: web.Application) -> None:
    """Add the routes below /glama, /smithery and /pulsemcp."""
    app.router.add_get("/glama/v1/servers", _glama)
    app.router.add_get("/smithery/servers", _smithery)
    app.router.add_get("/smithery/servers/{name:.+}", _smithery_server)
    app.router.add_get("/pulsemcp/v0.1/servers", _pulsemcp)


def _refuse(request: web.Request) -> web.Response | None:
    """Give the refusal of a call without the key; `key` in the settings replaces the usual one."""
    wanted = request.app[SETTINGS].get("key", KEY)
    if request.headers.get("Authorization") == f"Bearer {wanted}":
        return None
    return json_reply({"error": "Unauthorized", "message": "A valid key is required"}, status=401)


async def _glama(request: web.Request) -> web.Response:
    if (refusal := _refuse(request)) is not None:
        return refusal
    world, after = request.app[WORLD], request.query.get("after", "")
    first = whole_number(request.query.get("first"), 10)
    start = _after(after)
    if first is None or not 1 <= first <= 100 or start is None:
        return json_reply({"error": "Bad Request", "message": "first or after is out of range"}, status=400)
    page = _listed(world, start, first + 1)
    shown = page[:first]
    information = {
        "endCursor": f"s{shown[-1].number}" if shown else None,
        "hasNextPage": len(page) > first,
        "hasPreviousPage": bool(after),
        "startCursor": f"s{shown[0].number}" if shown else None,
    }
    return json_reply({"pageInfo": information, "servers": [_glama_server(server) for server in shown]})


def _after(cursor: str) -> int | None:
    if not cursor:
        return 0
    return int(cursor[1:]) + 1 if cursor[0] == "s" and cursor[1:].isdecimal() and len(cursor) < 12 else None


def _listed(world: World, start: int, most: int) -> list[Facts]:
    """Give the next servers that these sources list: two of three."""
    found: list[Facts] = []
    for number in range(start, len(world)):
        if number % 3 and number not in world.withdrawn:
            found.append(world.server(number))
            if len(found) == most:
                break
    return found


def _glama_server(server: Facts) -> dict[str, Any]:
    return {
        "id": f"g{server.number:08x}",
        "name": server.title,
        "namespace": server.owner,
        "slug": server.name,
        "description": server.summary,
        "repository": {"url": server.address},
        "spdxLicense": {"name": "MIT License", "url": "https://licences.example.com/MIT"},
        "url": f"https://listing.example.com/servers/{server.owner}/{server.name}",
        "attributes": ["hosting:local-only"],
        "environmentVariablesJsonSchema": {"type": "object", "properties": {"SERVICE_KEY": {"type": "string"}}},
        "tools": [],
    }


async def _smithery(request: web.Request) -> web.Response:
    if (refusal := _refuse(request)) is not None:
        return refusal
    world = request.app[WORLD]
    page, size = whole_number(request.query.get("page"), 1), whole_number(request.query.get("pageSize"), 10)
    if page is None or size is None or page < 1 or not 1 <= size <= 100:
        return json_reply({"error": "page or pageSize is out of range"}, status=400)
    everything = _listed(world, 0, len(world))
    shown = everything[(page - 1) * size : page * size]
    pagination = {
        "currentPage": page,
        "pageSize": size,
        "totalPages": -(-len(everything) // size),
        "totalCount": len(everything),
    }
    return json_reply({"servers": [_smithery_entry(server) for server in shown], "pagination": pagination})


def _smithery_entry(server: Facts) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{server.number:012x}",
        "qualifiedName": f"@{server.owner}/{server.name}",
        "namespace": server.owner,
        "slug": server.name,
        "displayName": server.title,
        "description": server.summary,
        "iconUrl": None,
        "verified": server.number % 10 == 0,
        "useCount": server.number % 1000,
        "remote": server.number % 4 == 0,
        "isDeployed": server.number % 4 == 0,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "homepage": server.address,
        "owner": server.owner,
        "score": 0.5,
    }


async def _smithery_server(request: web.Request) -> web.Response:
    if (refusal := _refuse(request)) is not None:
        return refusal
    world = request.app[WORLD]
    server = world.find(request.match_info["name"].rpartition("/")[2])
    if server is None or f"@{server.owner}/{server.name}" != request.match_info["name"]:
        return json_reply({"error": "Server not found"}, status=404)
    tools = [{"name": tool.name, "description": tool.description} for tool in world.tools(server.number)]
    return json_reply({**_smithery_entry(server), "connections": [], "security": None, "tools": tools})


async def _pulsemcp(request: web.Request) -> web.Response:
    settings = request.app[SETTINGS]
    right = (settings.get("key", KEY), settings.get("tenant", TENANT))
    if (request.headers.get("X-API-Key"), request.headers.get("X-Tenant-ID")) != right:
        return json_reply({"error": {"code": "INVALID_API_KEY", "message": "The key is not valid"}}, status=401)
    extra = {"com.pulsemcp/server": {"isOfficial": False, "visitorsEstimateMostRecentWeek": 10}}
    status, answer = list_page(request.app[WORLD], dict(request.query), extra)
    headers = {"X-RateLimit-Limit": "200", "X-RateLimit-Remaining": "199"}
    return json_reply(answer, status=status, headers=headers)
