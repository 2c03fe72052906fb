"""PyPI as its clients ask it: the page of a project, as HTML or JSON, and its files.

After the published description of the simple interface. Not for uploads or searches.
"""

import hashlib
import re

import orjson
from aiohttp import web

from tests.standins.facts import Facts, Place
from tests.standins.packing import Packing
from tests.standins.replies import PACKING, WORLD, address_of, bytes_reply, etag_of, is_current
from tests.standins.world import World

_PLACES = (Place.WHEEL, Place.SDIST)
_JSON = "application/vnd.pypi.simple.v1+json"


def add_pypi(app: web.Application) -> None:
    """Add the routes: /simple, and /pypi-files for what it links to."""
    app.router.add_get("/simple/{name}/", _page)
    app.router.add_get("/simple/{name}", _page)
    app.router.add_get("/pypi-files/{name}/{file}", _file)


async def _page(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    server = _project(world, request.match_info["name"])
    if server is None:
        return web.Response(status=404, text="404 Not Found")
    as_json = _JSON in request.headers.get("Accept", "")
    etag = etag_of(f"{server.package} {world.revisions[server.number]} {as_json}")
    if is_current(request, etag):
        return web.Response(status=304, headers={"ETag": etag})
    files = _files(world, request.app[PACKING], server)
    links = [(file, f"{address_of(request)}/pypi-files/{server.package}/{file}", digest) for file, digest in files]
    if as_json:
        return bytes_reply(_as_json(server, links), _JSON, ETag=etag)
    return bytes_reply(_as_html(server, links), "text/html", ETag=etag)


def _as_json(server: Facts, links: list[tuple[str, str, str]]) -> bytes:
    written = [
        {"filename": file, "url": url, "hashes": {"sha256": digest}, "requires-python": ">=3.10", "yanked": False}
        for file, url, digest in links
    ]
    return orjson.dumps({"meta": {"api-version": "1.0"}, "name": server.package, "files": written})


def _as_html(server: Facts, links: list[tuple[str, str, str]]) -> bytes:
    lines = "".join(
        f'<a href="{url}#sha256={digest}" data-requires-python="&gt;=3.10">{file}</a><br />\n'
        for file, url, digest in links
    )
    head = f"<!DOCTYPE html><html><head><title>Links for {server.package}</title></head><body>"
    return f"{head}<h1>Links for {server.package}</h1>\n{lines}</body></html>".encode()


def _files(world: World, packing: Packing, server: Facts) -> list[tuple[str, str]]:
    """Give the newest two files with their digests."""
    newest = world.revisions[server.number]
    return [
        (
            _file_name(server, world.version(server.number, revision)),
            hashlib.sha256(packing.package(server.number, revision)).hexdigest(),
        )
        for revision in range(max(0, newest - 1), newest + 1)
    ]


def _file_name(server: Facts, version: str) -> str:
    end = "-py3-none-any.whl" if server.place is Place.WHEEL else ".tar.gz"
    return f"{server.name.replace('-', '_')}-{version}{end}"


async def _file(request: web.Request) -> web.Response:
    world, file = request.app[WORLD], request.match_info["file"]
    server = _project(world, request.match_info["name"])
    if server is not None:
        version = file.removeprefix(f"{server.name.replace('-', '_')}-").partition("-")[0].removesuffix(".tar.gz")
        revision = world.revision_of(server.number, version)
        if revision is not None and file == _file_name(server, version):
            return bytes_reply(request.app[PACKING].package(server.number, revision))
    return web.Response(status=404, text="404 Not Found")


def _project(world: World, name: str) -> Facts | None:
    return world.find_package(re.sub(r"[-_.]+", "-", name).lower(), _PLACES)
