"""The npm registry as its client asks it: a package's document and its tarballs.

Not for publishing, searching or audits.
"""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from tests.standins.facts import Facts, Place
from tests.standins.packing import Packing
from tests.standins.replies import PACKING, WORLD, address_of, bytes_reply, etag_of, is_current, json_reply
from tests.standins.world import World

_PLACES = (Place.NPM, Place.BOTH)
_FILES = "/npm/{name:(?:@[^/]+/)?[^/@]+}/-/{file}"


def add_npm(app: web.Application) -> None:
    """Add the routes below /npm."""
    app.router.add_get(_FILES, _tarball)
    app.router.add_get("/npm/{name:.+}", _document)


async def _document(request: web.Request) -> web.Response:
    world, packing = request.app[WORLD], request.app[PACKING]
    server = _package(world, request.match_info["name"])
    if server is None:
        return json_reply({"error": "Not found"}, status=404)
    newest = world.revisions[server.number]
    # The address is part of the answer, so it is part of what the validator depends on.
    etag = etag_of(f"{server.package} {newest} {address_of(request)}")
    if is_current(request, etag):
        return web.Response(status=304, headers={"ETag": etag})
    revisions = range(max(0, newest - 1), newest + 1)
    versions = [_version(world, packing, server, revision, address_of(request)) for revision in revisions]
    written = datetime.fromtimestamp(world.updated[server.number], UTC).isoformat()
    answer = {
        "name": server.package,
        "dist-tags": {"latest": world.version(server.number)},
        "versions": {version["version"]: version for version in versions},
        "modified": written,
        "time": {version["version"]: written for version in versions},
    }
    return bytes_reply(orjson.dumps(answer), "application/json", ETag=etag)


def _version(world: World, packing: Packing, server: Facts, revision: int, address: str) -> dict[str, Any]:
    version = world.version(server.number, revision)
    data = packing.package(server.number, revision)
    file = f"{server.name}-{version}.tgz"
    return {
        "name": server.package,
        "version": version,
        "description": server.summary,
        "bin": {server.name: "dist/index.js"},
        "dependencies": {"@modelcontextprotocol/sdk": "^1.20.0", "zod": "^3.25.0"},
        "dist": {
            "tarball": f"{address}/npm/{server.package}/-/{file}",
            "integrity": f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}",
            "shasum": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        },
    }


async def _tarball(request: web.Request) -> web.Response:
    world, asked = request.app[WORLD], request.match_info
    server = _package(world, asked["name"])
    if server is not None:
        version = asked["file"].removeprefix(f"{server.name}-").removesuffix(".tgz")
        revision = world.revision_of(server.number, version)
        if revision is not None:
            return bytes_reply(request.app[PACKING].package(server.number, revision))
    return json_reply({"error": "Not found"}, status=404)


def _package(world: World, name: str) -> Facts | None:
    return world.find_package(name.replace("%2f", "/").replace("%2F", "/"), _PLACES)
