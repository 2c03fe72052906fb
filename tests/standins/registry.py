"""The official registry: servers by name, page after page, all of them or those that changed since a moment.

After its published description, version 0.1. Not for publishing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.standins.facts import Facts, Place
from tests.standins.replies import WORLD, json_reply, whole_number
from tests.standins.world import World

OFFICIAL = "io.modelcontextprotocol.registry/official"
_SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
_Entry = tuple[int, int]


def add_registry(app: web.Application) -> None:
    """Add the routes."""
    for version in ("v0", "v0.1"):
        app.router.add_get(f"/{version}/servers", _list)
        app.router.add_get(f"/{version}/servers/{{name}}/versions", _versions)
        app.router.add_get(f"/{version}/servers/{{name}}/versions/{{version}}", _version)
    app.router.add_get("/v0/health", _health)


def list_page(world: World, query: dict[str, str], extra: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    """Give status and answer of a call that lists; `extra` is put into every entry's `_meta`."""
    limit = whole_number(query.get("limit"), 30)
    if limit is None or not 1 <= limit <= 100:
        return 422, _error(422, "expected number between 1 and 100", "query.limit")
    since = _moment(query.get("updated_since"))
    if since is None:
        return 400, _error(400, "Invalid updated_since format: expected RFC3339 timestamp", "query.updated_since")
    after = _place_of(world, query.get("cursor"))
    if after is None:
        return 400, _error(400, "Invalid cursor", "query.cursor")
    entries = _entries(world, query, since, after)
    page: list[_Entry] = []
    more = False
    for entry in entries:
        if len(page) == limit:
            more = True
            break
        page.append(entry)
    metadata: dict[str, Any] = {"count": len(page)}
    if more:
        number, revision = page[-1]
        metadata["nextCursor"] = f"{world.server(number).registry_name}:{world.version(number, revision)}"
    return 200, {"servers": [render_entry(world, *entry, extra) for entry in page], "metadata": metadata}


def render_entry(world: World, number: int, revision: int, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write one version of one server."""
    server = world.server(number)
    newest = revision == world.revisions[number]
    updated = _written(world.updated[number])
    withdrawn = number in world.withdrawn
    status = "deleted" if withdrawn else "deprecated" if number % 200 == 7 else "active"
    official: dict[str, Any] = {
        "status": status,
        "statusChangedAt": updated,
        "publishedAt": _written(world.first_published(number)),
        "updatedAt": updated,
        "isLatest": newest,
    }
    if status == "deprecated":
        official["statusMessage"] = "See the successor."
    return {
        "server": server_json(server, world.version(number, revision)),
        "_meta": {OFFICIAL: official, **(extra or {})},
    }


def server_json(server: Facts, version: str) -> dict[str, Any]:
    """Write what a server's publisher says of it."""
    repository = {"url": f"https://github.com/{server.listed_repository}", "source": "github"}
    repository["id"] = str(server.repository_id)
    if server.subfolder:
        repository["subfolder"] = server.subfolder
    written: dict[str, Any] = {
        "$schema": _SCHEMA,
        "name": server.registry_name,
        "title": server.title,
        "description": server.summary,
        "version": version,
        "repository": repository,
    }
    packages = list(_packages(server, version))
    if packages:
        written["packages"] = packages
    if server.number % 25 == 3 or (not packages and server.number % 3 == 0):
        written["remotes"] = [{"type": "streamable-http", "url": f"https://{server.name}.example.com/mcp"}]
    return written


def _packages(server: Facts, version: str) -> Iterator[dict[str, Any]]:
    if server.package:
        npm = server.place in (Place.NPM, Place.BOTH)
        yield {
            "registryType": "npm" if npm else "pypi",
            "identifier": server.package,
            "version": version,
            "runtimeHint": "npx" if npm else "uvx",
            "transport": {"type": "stdio"},
            "environmentVariables": [
                {"name": "SERVICE_KEY", "description": "Key of the service", "isRequired": True, "isSecret": True}
            ],
        }
    if server.number % 40 == 11:
        image = f"containers.example.com/{server.owner}/{server.name}:{version}"
        yield {"registryType": "oci", "identifier": image, "transport": {"type": "stdio"}}


def _entries(world: World, query: dict[str, str], since: int, after: tuple[str, int]) -> Iterator[_Entry]:
    """Give what matches behind a place, in order of names and versions."""
    wanted, search = query.get("version"), query.get("search", "").lower()
    deleted = query.get("include_deleted") == "true" or since > 0
    for number in world.registry_from(after[0]):
        if world.updated[number] < since or (not deleted and number in world.withdrawn):
            continue
        server = world.server(number) if search or after[1] >= 0 or wanted not in (None, "latest") else None
        if search and server is not None and search not in server.registry_name.lower():
            continue
        newest = world.revisions[number]
        for revision in (newest,) if wanted == "latest" else range(newest + 1):
            passed = server is not None and server.registry_name == after[0] and revision <= after[1]
            if not passed and wanted in (None, "latest", world.version(number, revision)):
                yield number, revision


def _place_of(world: World, cursor: str | None) -> tuple[str, int] | None:
    """Read a cursor: the name and revision that it lies behind."""
    if not cursor:
        return "", -1
    name, _, version = cursor.rpartition(":")
    server = world.find(name.rpartition("/")[2])
    if server is None or server.registry_name != name:
        return None
    revision = world.revision_of(server.number, version)
    return None if revision is None else (name, revision)


def _moment(text: str | None) -> int | None:
    if text is None:
        return 0
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return int(moment.timestamp()) if moment.tzinfo else None


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _error(status: int, detail: str, where: str) -> dict[str, Any]:
    return {
        "title": "Bad Request",
        "status": status,
        "detail": detail,
        "errors": [{"message": detail, "location": where}],
    }


async def _list(request: web.Request) -> web.Response:
    status, answer = list_page(request.app[WORLD], dict(request.query))
    return json_reply(answer, status=status)


async def _versions(request: web.Request) -> web.Response:
    world, server = request.app[WORLD], _named(request)
    if server is None:
        return json_reply({"title": "Not Found", "status": 404, "detail": "Server not found"}, status=404)
    revisions = range(world.revisions[server.number], -1, -1)
    entries = [render_entry(world, server.number, revision) for revision in revisions]
    return json_reply({"servers": entries, "metadata": {"count": len(entries)}})


async def _version(request: web.Request) -> web.Response:
    world, server, version = request.app[WORLD], _named(request), request.match_info["version"]
    if server is not None:
        newest = world.revisions[server.number]
        revision = newest if version == "latest" else world.revision_of(server.number, version)
        if revision is not None:
            return json_reply(render_entry(world, server.number, revision))
    return json_reply({"title": "Not Found", "status": 404, "detail": "Server not found"}, status=404)


async def _health(_request: web.Request) -> web.Response:
    return json_reply({"status": "ok"})


def _named(request: web.Request) -> Facts | None:
    world, name = request.app[WORLD], request.match_info["name"]
    server = world.find(name.rpartition("/")[2])
    if server is None or server.registry_name != name or not server.in_registry:
        return None
    withdrawn = server.number in world.withdrawn and request.query.get("include_deleted") != "true"
    return None if withdrawn else server
