"""The forge's REST interface: search by topic and time, repositories by name, commits, tarballs.

After its published description. Not for git itself, and not for writing.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from aiohttp import web

from tests.standins.draws import hexadecimal
from tests.standins.facts import Facts
from tests.standins.replies import PACKING, SETTINGS, WORLD, address_of, bytes_reply, etag_of, is_current, json_reply
from tests.standins.world import World

TOPICS = ("mcp-server", "mcp", "model-context-protocol")
_MOST_RESULTS = 1000
_PUSHED = re.compile(r"(>=|>|<=|<)?([\dTZ:+*-]+?)(?:\.\.([\dTZ:+*-]+))?")
_NOT_FOUND = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
_NAMED = "/repos/{owner}/{name}"
_BY_ID = "/repositories/{id}"


def add_github(app: web.Application) -> None:
    """Add the routes below /github, and the place that tarballs are sent from below /codeload."""
    app.router.add_get("/github/search/repositories", _search)
    for base in (_NAMED, _BY_ID):
        app.router.add_get(f"/github{base}", _repository)
        app.router.add_get(f"/github{base}/commits/{{ref:.+}}", _commit)
        app.router.add_get(f"/github{base}/tarball", _tarball)
        app.router.add_get(f"/github{base}/tarball/{{ref:.*}}", _tarball)
    app.router.add_get("/github/rate_limit", _rate_limit)
    app.router.add_get("/codeload/{owner}/{name}/legacy.tar.gz/{ref:.+}", _codeload)


@web.middleware
async def forge_limits(request: web.Request, handler: Any) -> web.StreamResponse:
    """Check the token and count calls against the limit, below /github alone."""
    if not request.path.startswith("/github/"):
        answer: web.StreamResponse = await handler(request)
        return answer
    settings = request.app[SETTINGS]
    given = request.headers.get("Authorization", "").partition(" ")[2]
    if settings.get("token") and given and given != settings["token"]:
        return json_reply({"message": "Bad credentials", "status": "401"}, status=401)
    kind = "search" if request.path.startswith("/github/search") else "core"
    used, limit = settings.setdefault("used", {}), settings.get("limit")
    most = limit if isinstance(limit, int) else {"core": 5000, "search": 30}[kind]
    if isinstance(limit, int) and used.get(kind, 0) >= limit:
        refused = json_reply({"message": "API rate limit exceeded", "status": "403"}, status=403)
        return _with_limits(refused, settings, kind, most)
    answer = await handler(request)
    # What has not changed costs nothing, but only those who say who they are.
    if not (answer.status == 304 and given):
        used[kind] = used.get(kind, 0) + 1
    return _with_limits(answer, settings, kind, most)


def _with_limits(answer: web.StreamResponse, settings: dict[str, Any], kind: str, most: int) -> web.StreamResponse:
    used = settings["used"].get(kind, 0)
    reset = int(datetime.now(UTC).timestamp()) + int(settings.get("reset_seconds", 3600))
    answer.headers["x-ratelimit-limit"] = str(most)
    # Without a limit that a test has set, nobody runs out.
    left = max(0, most - used) if isinstance(settings.get("limit"), int) else most - 1
    answer.headers["x-ratelimit-remaining"] = str(left)
    answer.headers["x-ratelimit-used"] = str(used)
    answer.headers["x-ratelimit-reset"] = str(reset)
    answer.headers["x-ratelimit-resource"] = kind
    return answer


def repository_json(world: World, server: Facts) -> dict[str, Any]:
    """Write what the forge says of a repository."""
    pushed = _written(world.pushed(server))
    return {
        "id": server.repository_id,
        "name": server.repository_name,
        "full_name": server.repository,
        "private": False,
        "owner": {"login": server.owner, "id": 40_000_000 + server.number // 3, "type": "User"},
        "html_url": server.address,
        "description": server.summary,
        "fork": False,
        "created_at": _written(min(world.first_published(server.number), world.pushed(server))),
        "updated_at": pushed,
        "pushed_at": pushed,
        "clone_url": f"{server.address}.git",
        "stargazers_count": server.repository_id % 97 * (server.number % 5),
        "language": {"go": "Go", "python": "Python"}.get(server.language, "TypeScript"),
        "archived": server.number % 50 == 9,
        "disabled": False,
        "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT"},
        "topics": list(TOPICS) if server.in_topic else [],
        "visibility": "public",
        "default_branch": "main",
    }


async def _search(request: web.Request) -> web.Response:
    world, query = request.app[WORLD], request.query
    text = query.get("q", "")
    per_page, page = _number(query.get("per_page"), 30), _number(query.get("page"), 1)
    if not text or len(text) > 256 or per_page is None or page is None:
        return json_reply({"message": "Validation Failed", "status": "422"}, status=422)
    per_page = min(max(per_page, 1), 100)
    found = _found(world, text, newest_first=query.get("order", "desc") == "desc")
    if found is None:
        return json_reply({"message": "The search query cannot be read", "status": "422"}, status=422)
    if (page - 1) * per_page >= _MOST_RESULTS:
        return json_reply({"message": "Only the first 1000 search results are available", "status": "422"}, status=422)
    shown = found[:_MOST_RESULTS][(page - 1) * per_page : page * per_page]
    items = [repository_json(world, world.server(number)) for number in shown]
    return json_reply({"total_count": len(found), "incomplete_results": False, "items": items})


def _found(world: World, text: str, *, newest_first: bool) -> list[int] | None:
    """Give the first servers of the repositories that a query names; None when it cannot be read."""
    first, last, topic = 0, 1 << 62, ""
    for word in text.split():
        name, _, value = word.partition(":")
        if name == "topic":
            topic = value
        elif name == "pushed":
            window = _window(value)
            if window is None:
                return None
            first, last = max(first, window[0]), min(last, window[1])
    if topic not in TOPICS:
        return []
    found = world.pushed_between(first, last)
    return found[::-1] if newest_first else found


def _window(text: str) -> tuple[int, int] | None:
    match = _PUSHED.fullmatch(text)
    if match is None:
        return None
    sign, one, other = match.groups()
    if other is None and sign is None:
        other = one
    start, end = _span(one), _span(other or one)
    if start is None or end is None:
        return None
    if other is not None:
        return start[0], end[1]
    return {">=": (start[0], 1 << 62), ">": (start[1] + 1, 1 << 62), "<=": (0, start[1]), "<": (0, start[0] - 1)}[sign]


def _span(text: str) -> tuple[int, int] | None:
    """Give the first and last second that a date or a moment means."""
    if text == "*":
        return 0, 1 << 62
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    long = timedelta(days=1) if "T" not in text else timedelta(seconds=1)
    return int(moment.timestamp()), int((moment + long).timestamp()) - 1


def _named(request: web.Request) -> tuple[Facts | None, str | None]:
    """Find the repository that is asked for, and where to go instead when it has moved."""
    world, asked = request.app[WORLD], request.match_info
    if "id" in asked:
        number = int(asked["id"]) % 1_000_000 if asked["id"].isdecimal() and len(asked["id"]) < 12 else len(world)
        server = world.server(number) if number < len(world) else None
        return (server, None) if server is not None and server.repository_id == int(asked["id"]) else (None, None)
    server = world.find_repository(asked["owner"], asked["name"])
    if server is None or all(member in world.withdrawn for member in server.members):
        return None, None
    if server.repository_name == asked["name"].lower():
        return server, None
    rest = request.path.partition(f"/repos/{asked['owner']}/{asked['name']}")[2]
    return server, f"{address_of(request)}/github/repositories/{server.repository_id}{rest}"


def _moved(address: str) -> web.Response:
    return json_reply({"message": "Moved Permanently", "url": address}, status=301, headers={"Location": address})


async def _repository(request: web.Request) -> web.Response:
    server, moved = _named(request)
    if server is None:
        return json_reply(_NOT_FOUND, status=404)
    if moved:
        return _moved(moved)
    written = repository_json(request.app[WORLD], server)
    etag = etag_of(orjson.dumps(written).decode())
    if is_current(request, etag):
        return web.Response(status=304, headers={"ETag": etag})
    return json_reply(written, headers={"ETag": etag})


async def _commit(request: web.Request) -> web.Response:
    server, moved = _named(request)
    if server is None:
        return json_reply(_NOT_FOUND, status=404)
    if moved:
        return _moved(moved)
    commit = commit_of(request.app[WORLD], server, request.match_info["ref"])
    if commit is None:
        return json_reply(
            {"message": f"No commit found for SHA: {request.match_info['ref']}", "status": "422"}, status=422
        )
    etag = f'"{commit}"'
    if is_current(request, etag):
        return web.Response(status=304, headers={"ETag": etag})
    if "application/vnd.github.sha" in request.headers.get("Accept", ""):
        return web.Response(body=commit.encode(), content_type="application/vnd.github.sha", headers={"ETag": etag})
    return json_reply({"sha": commit, "commit": {"tree": {"sha": hexadecimal(commit, 40)}}}, headers={"ETag": etag})


def commit_of(world: World, server: Facts, ref: str) -> str | None:
    """Give the commit that a ref names: the branch, HEAD, a version's tag, or a commit by its id."""
    newest = server.commit(world.repository_revision(server))
    if ref in ("", "HEAD", "main", "refs/heads/main", newest):
        return newest
    version = ref.removeprefix("refs/tags/")
    if world.revision_of(server.number, version.removeprefix("v")) == world.revisions[server.number]:
        return newest
    older = (server.commit(revision) for revision in range(world.repository_revision(server)))
    return next((commit for commit in older if len(ref) == 40 and commit == ref), None)


async def _tarball(request: web.Request) -> web.Response:
    server, moved = _named(request)
    ref = request.match_info.get("ref", "")
    if server is None or commit_of(request.app[WORLD], server, ref) is None:
        return json_reply(_NOT_FOUND, status=404)
    if moved:
        return _moved(moved)
    place = f"{address_of(request)}/codeload/{server.repository}/legacy.tar.gz/{ref or 'refs/heads/main'}"
    return web.Response(status=302, headers={"Location": place})


async def _codeload(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    server = world.find_repository(request.match_info["owner"], request.match_info["name"])
    commit = commit_of(world, server, request.match_info["ref"]) if server is not None else None
    if server is None or commit is None:
        return web.Response(status=404, text="404: Not Found")
    etag = etag_of(commit)
    if is_current(request, etag):
        return web.Response(status=304, headers={"ETag": etag})
    revisions = world.revisions_in(server)
    if commit != server.commit(sum(revisions)):
        older = next(step for step in range(sum(revisions)) if server.commit(step) == commit)
        revisions = (older,) if len(revisions) == 1 else revisions
    body = request.app[PACKING].tarball(server.number, revisions, commit)
    name = f"{server.owner}-{server.repository_name}-{commit[:7]}.tar.gz"
    return bytes_reply(body, "application/x-gzip", ETag=etag, **{"Content-Disposition": f"attachment; filename={name}"})


async def _rate_limit(request: web.Request) -> web.Response:
    return json_reply(
        {"resources": {"core": {"limit": 5000, "used": request.app[SETTINGS].get("used", {}).get("core", 0)}}}
    )


def _number(text: str | None, default: int) -> int | None:
    if text is None:
        return default
    return int(text) if text.isdecimal() and 0 < len(text) < 8 and int(text) > 0 else None


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
