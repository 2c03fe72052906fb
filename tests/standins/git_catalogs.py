"""Two catalogs that are kept in git, made as real repositories and served by git's own program for HTTP.

One has a folder with server.yaml for each server, the other server.json. Not for the repositories of servers.
"""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import orjson
import yaml
from aiohttp import web

from tests.standins.facts import Facts
from tests.standins.registry import server_json
from tests.standins.replies import WORLD, json_reply
from tests.standins.world import World

_MOST = 300
_SECONDS = 60
CATALOGS = ("docker/mcp-registry", "stacklok/toolhive-catalog")
_FOLDER = web.AppKey("catalogs", Path)
_MADE: "web.AppKey[dict[str, int]]" = web.AppKey("made", dict)
_LOCK = web.AppKey("lock", asyncio.Lock)
_AUTHOR = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.com",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def add_git_catalogs(app: web.Application) -> None:
    """Add the repositories below /git; each is made when it is first asked for."""
    app.cleanup_ctx.append(_with_folder)
    app.router.add_route("*", "/git/{owner}/{name}/{rest:.+}", _smart)
    app.router.add_get("/control/git", _folders)


def make_catalog(world: World, name: str, folder: Path) -> Path:
    """Make a catalog's repository as it is at this hour, with a commit for it; gives its bare repository."""
    work, bare = folder / f"{name}.work", folder / f"{name}.git"
    if not bare.exists():
        work.mkdir(parents=True)
        _git(work, world, "init", "--quiet", "--initial-branch=main")
        _git(folder, world, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        _git(bare, world, "config", "uploadpack.allowAnySHA1InWant", "true")
    _git(work, world, "rm", "-r", "--quiet", "--ignore-unmatch", ".")
    write = _docker_files if name == CATALOGS[0] else _toolhive_files
    for path, text in write(world):
        file = work / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    _git(work, world, "add", "--all")
    _git(work, world, "commit", "--quiet", "--allow-empty", "-m", f"Hour {world.generation}")
    _git(work, world, "push", "--quiet", str(bare), "main")
    return bare


def catalogued(world: World, name: str) -> list[Facts]:
    """Give the servers that a catalog has: some hundreds, those that have a repository of their own."""
    rest = CATALOGS.index(name)
    found = (one for one in world.living() if one.number % 8 == rest and one.old_repository is None)
    return [server for _, server in zip(range(_MOST), found, strict=False)]


def _docker_files(world: World) -> Iterator[tuple[str, bytes]]:
    yield "README.md", b"# A catalog\n"
    for server in catalogued(world, CATALOGS[0]):
        remote = server.number % 5 == 0
        source: dict[str, object] = {"project": server.address, "branch": "main"}
        source["commit"] = server.commit(world.repository_revision(server))
        if server.subfolder:
            source["directory"] = server.subfolder
        about = {"title": server.title, "description": server.summary, "icon": "https://icons.example.com/a.png"}
        entry: dict[str, object] = {
            "name": server.name,
            "type": "remote" if remote else "server",
            "meta": {"category": "productivity", "tags": ["tools", "example"]},
            "about": about,
        }
        if remote:
            entry["remote"] = {"transport_type": "streamable-http", "url": f"https://{server.name}.example.com/mcp"}
        else:
            secrets = [{"name": f"{server.name}.key", "env": "SERVICE_KEY", "example": "KEY"}]
            entry |= {"image": f"mcp/{server.name}", "source": source, "config": {"secrets": secrets}}
        yield f"servers/{server.name}/server.yaml", yaml.safe_dump(entry, sort_keys=False).encode()
        if server.number % 4 == 0:
            tools = [
                {
                    "name": tool.name,
                    "description": tool.description,
                    "arguments": [
                        {"name": one.name, "type": one.kind, "desc": one.description} for one in tool.parameters
                    ],
                }
                for tool in world.tools(server.number)
            ]
            yield f"servers/{server.name}/tools.json", orjson.dumps(tools, option=orjson.OPT_INDENT_2)


def _toolhive_files(world: World) -> Iterator[tuple[str, bytes]]:
    yield "README.md", b"# A catalog\n"
    for server in catalogued(world, CATALOGS[1]):
        entry = server_json(server, world.version(server.number))
        image = f"containers.example.com/{server.owner}/{server.name}:{world.version(server.number)}"
        entry["packages"] = [{"registryType": "oci", "identifier": image, "transport": {"type": "stdio"}}]
        names = [tool.name for tool in world.tools(server.number)]
        own = {"tier": "Community", "status": "Active", "tags": ["example"], "tools": names}
        provided = {"io.github.stacklok": {image: own}}
        entry["_meta"] = {"io.modelcontextprotocol.registry/publisher-provided": provided}
        registry = "official" if server.number % 16 == 1 else "toolhive"
        written = orjson.dumps(entry, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        yield f"registries/{registry}/servers/{server.name}/server.json", written


def _git(folder: Path, world: World, *arguments: str) -> None:
    moment = f"{int(world.now.timestamp())} +0000"
    dated = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    environment = {**os.environ, **_AUTHOR, **dated}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, timeout=_SECONDS, stdout=2)


async def _with_folder(app: web.Application) -> AsyncIterator[None]:
    with tempfile.TemporaryDirectory(prefix="standins-git-") as folder:
        app[_FOLDER], app[_MADE], app[_LOCK] = Path(folder), {}, asyncio.Lock()
        yield


async def _make(app: web.Application, name: str) -> Path | None:
    """Make a catalog, or its next commit when an hour has passed."""
    if name not in CATALOGS:
        return None
    async with app[_LOCK]:
        if app[_MADE].get(name) != app[WORLD].generation:
            await asyncio.to_thread(make_catalog, app[WORLD], name, app[_FOLDER])
            app[_MADE][name] = app[WORLD].generation
    return app[_FOLDER] / f"{name}.git"


async def _folders(request: web.Request) -> web.Response:
    return json_reply({name: str(await _make(request.app, name)) for name in CATALOGS})


async def _smart(request: web.Request) -> web.Response:
    asked = request.match_info
    name = f"{asked['owner']}/{asked['name'].removesuffix('.git')}"
    if await _make(request.app, name) is None:
        return web.Response(status=404, text="no such repository")
    body = await request.read()
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(request.app[_FOLDER]),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query_string,
        "PATH_INFO": f"/{name}.git/{asked['rest']}",
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": "",  # the application has unpacked the body
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
    }
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec("git", "http-backend", stdin=pipe, stdout=pipe, env=environment)
    output, _ = await asyncio.wait_for(program.communicate(body), _SECONDS)
    return _from_program(output)


def _from_program(output: bytes) -> web.Response:
    """Read what a program answers by the common gateway interface."""
    head, _, body = output.partition(b"\r\n\r\n")
    answer = web.Response(body=body)
    for line in head.decode("latin-1").splitlines():
        name, _, value = line.partition(": ")
        if name.lower() == "status":
            answer.set_status(int(value.split()[0]))
        else:
            answer.headers[name] = value
    return answer
