import io
import os
import subprocess
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.npm import fetch_npm
from crawler.fetch.pypi import fetch_pypi
from crawler.recovery.extract import extract_tools
from crawler.snapshots.snapshot import read_archive
from crawler.target import Target, TargetKind
from tests.standins.facts import Facts, Language, Place
from tests.standins.packing import Packing, seen_description
from tests.standins.serve import StandIns, serve_world
from tests.standins.world import World, WorldSettings

SETTINGS = WorldSettings(servers=350, tools=2800, seed=3)


@pytest.fixture(scope="module")
def running() -> Iterator[StandIns]:
    with serve_world(SETTINGS, seconds=120) as standins:
        yield standins


@pytest.fixture
def standins(running: StandIns) -> Iterator[StandIns]:
    yield running
    running.clear_faults()
    running.set_settings()


@pytest.fixture
def client(running: StandIns) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.address, trust_env=False, timeout=5) as client:
        yield client


def walk(client: httpx.Client, **query: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = client.get("/v0.1/servers", params={"limit": "100", "cursor": cursor, **query}).json()
        entries += page["servers"]
        cursor = page["metadata"].get("nextCursor", "")
        if not cursor:
            return entries


def first(world: World, place: Place, language: Language) -> Facts:
    alone = (server for server in world.living() if len(server.members) == 1)
    return next(server for server in alone if (server.place, server.language) == (place, language))


def test_world_follows_from_its_settings() -> None:
    one, other = World(SETTINGS), World(SETTINGS)
    changes = other.evolve(0.5)
    number = next(number for number in changes.changed if one.server(number).package)
    # What an hour changed is a new revision; the old one is what it was.
    assert Packing(one).package(number, 0) == Packing(other).package(number, 0) != Packing(other).package(number, 1)
    assert Packing(one).tree(one.server(5), (0,)) == Packing(other).tree(other.server(5), (0,))
    assert one.evolve(0.5) == changes


def test_world_has_the_tools_and_the_mix_that_were_asked_for() -> None:
    world = World(WorldSettings(servers=2000, tools=20_000))
    offers = [world.tools(number) for number in range(2000)]
    tools = [tool for offer in offers for tool in offer]
    places = Counter(server.place for server in world.living())
    lengths = [len(tool.description) for tool in tools]
    assert len(tools) == 20_000
    assert max(len(offer) for offer in offers) > 60
    assert 0.965 < len(set(tools)) / len(tools) < 0.98
    assert 200 < sum(lengths) / len(lengths) < 330
    assert [round(places[place] / 20) for place in Place] == pytest.approx([45, 22, 3, 25, 6], abs=2)
    assert all(server.in_registry or server.in_topic or server.in_awesome for server in world.living())


@pytest.mark.parametrize(
    ("place", "language"),
    [
        (Place.NPM, Language.JAVASCRIPT),
        (Place.WHEEL, Language.PYTHON),
        (Place.SDIST, Language.PYTHON),
        (Place.REPOSITORY, Language.GO),
        (Place.REPOSITORY, Language.PYTHON),
        (Place.REPOSITORY, Language.JAVASCRIPT),
    ],
)
def test_tools_of_a_server_are_found_in_its_archive(tmp_path: Path, place: Place, language: Language) -> None:
    world = World(SETTINGS)
    for _ in range(4):
        world.evolve(1)
    server = first(world, place, language)
    packing, revisions = Packing(world), world.revisions_in(server)
    data = packing.tarball(server.number, revisions, server.commit(sum(revisions)))
    if server.package:
        data = packing.package(server.number, revisions[0])
    file = tmp_path / ("a.whl" if place is Place.WHEEL else "a.tgz")
    file.write_bytes(data)
    found = extract_tools(read_archive(file, strip_top=place is not Place.WHEEL).files)
    assert revisions == (4,)
    assert {(tool.name, tool.description) for tool in found.definitions} == {
        (tool.name, seen_description(server, tool)) for tool in world.tools(server.number)
    }


def test_an_hour_changes_the_servers_it_says_and_no_others() -> None:
    world, before = World(SETTINGS), World(SETTINGS)
    changes = world.evolve(0.2)
    numbers = range(SETTINGS.servers)
    differ = {number for number in numbers if world.tools(number) != before.tools(number)}
    kinds = Counter(world.change(number) for number in changes.changed)
    assert differ == set(changes.changed)
    assert set(kinds) == {"harm", "added", "removed", "description", "schema"}
    assert changes.new == tuple(range(SETTINGS.servers, len(world)))
    (harmed,) = changes.harmed
    pairs = zip(before.tools(harmed), world.tools(harmed), strict=True)
    ((old, new),) = [(old, new) for old, new in pairs if old != new]
    assert (old.name, old.parameters) == (new.name, new.parameters)
    assert len(new.description) > len(old.description) + 80


def test_registry_is_walked_once_and_then_asked_for_what_changed(client: httpx.Client, standins: StandIns) -> None:
    world = World(SETTINGS)
    whole = walk(client, version="latest")
    names = [entry["server"]["name"] for entry in whole]
    assert names == sorted(server.registry_name for server in world.living() if server.in_registry)
    changes = standins.evolve(0.05)
    since = standins.generation()["now"].replace("01:00:00", "00:00:00")
    delta = walk(client, version="latest", updated_since=since)
    by_name = {entry["server"]["name"]: entry["_meta"]["io.modelcontextprotocol.registry/official"] for entry in delta}
    every = [*changes["changed"], *changes["new"], *changes["withdrawn"]]
    listed = {world.server(number) for number in every if world.server(number).in_registry}
    assert by_name.keys() == {server.registry_name for server in listed}
    deleted = {name for name, official in by_name.items() if official["status"] == "deleted"}
    gone = {server.registry_name for server in listed if server.number in changes["withdrawn"]}
    assert deleted == gone
    assert len(walk(client, updated_since=since)) > len(delta)  # all versions without version=latest


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=nobody:1", "updated_since=yesterday"])
def test_registry_refuses_a_query_that_it_cannot_read(client: httpx.Client, query: str) -> None:
    assert client.get(f"/v0.1/servers?{query}").status_code in (400, 422)


def test_repository_that_was_renamed_leads_to_its_new_name(client: httpx.Client) -> None:
    server = World(SETTINGS).server(50)
    answer = client.get(f"/github/repos/{server.old_repository}")
    assert answer.status_code == 301
    assert client.get(answer.headers["location"]).json()["full_name"] == server.repository
    tarball = client.get(f"/github/repos/{server.old_repository}/tarball", follow_redirects=True)
    with tarfile.open(fileobj=io.BytesIO(tarball.content)) as archive:
        commit = client.get(f"/github/repos/{server.repository}/commits/HEAD").json()["sha"]
        assert archive.pax_headers == {"comment": commit}
        assert archive.getnames()[0].endswith(commit[:7])


def test_forge_says_what_is_current_and_counts_calls(client: httpx.Client, standins: StandIns) -> None:
    server = World(SETTINGS).server(50)
    path, token = f"/github/repos/{server.repository}", {"Authorization": "Bearer right"}
    standins.set_settings(token="right", limit=2)
    held = client.get(path, headers=token).headers["etag"]
    for _ in range(3):  # costs nothing with a token
        assert client.get(path, headers={**token, "If-None-Match": held}).status_code == 304
    assert client.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get(path).status_code == 200
    refused = client.get(path)
    assert (refused.status_code, refused.headers["x-ratelimit-remaining"]) == (403, "0")


def test_search_gives_no_more_than_a_thousand() -> None:
    with serve_world(WorldSettings(servers=9000, tools=9000, burst=8000), seconds=60) as standins:
        query = {"q": "topic:mcp-server pushed:2026-10-31T00:00:00Z..2026-10-31T00:00:00Z", "per_page": "100"}
        ask = {page: httpx.get(f"{standins.address}/github/search/repositories", params={**query, "page": str(page)},
                               trust_env=False) for page in (1, 10, 11)}  # fmt: skip
    assert ask[1].json()["total_count"] > 1000
    assert len(ask[10].json()["items"]) == 100
    assert ask[11].status_code == 422


def test_package_clients_fetch_from_here(standins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in standins.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    world, cache = World(SETTINGS), ArchiveCache(tmp_path / "cache")
    npm = [server for server in world.living() if server.place is Place.NPM][:3]
    targets = [Target(TargetKind.NPM, str(server.package), world.version(server.number, 0)) for server in npm]
    assert [one.version for one in fetch_npm(targets, cache).values() if not isinstance(one, Exception)] == [
        target.version for target in targets
    ]
    server = first(world, Place.WHEEL, Language.PYTHON)
    wheel = Target(TargetKind.PYPI, str(server.package), world.version(server.number, 0))
    (fetched,) = fetch_pypi([wheel], cache).values()
    assert not isinstance(fetched, Exception)
    with zipfile.ZipFile(fetched.path) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize(
    ("name", "file"), [("docker/mcp-registry", "server.yaml"), ("stacklok/toolhive-catalog", "server.json")]
)
def test_catalogs_in_git_are_cloned(standins: StandIns, tmp_path: Path, name: str, file: str) -> None:
    for number, address in enumerate((f"{standins.address}/git/{name}", standins.git_folders()[name])):
        folder = tmp_path / str(number)
        environment = {**os.environ, "NO_PROXY": "127.0.0.1", "GIT_CONFIG_GLOBAL": os.devnull}
        command = ["git", "clone", "--quiet", "--", address, str(folder)]
        subprocess.run(command, check=True, timeout=60, env=environment)
        assert len(list(folder.rglob(file))) > 20


def test_keyed_sources_ask_for_their_key(client: httpx.Client) -> None:
    bearer = {"Authorization": "Bearer key-for-tests"}
    for path in ("/glama/v1/servers", "/smithery/servers"):
        assert client.get(path).status_code == 401
        assert len(client.get(path, headers=bearer).json()["servers"]) == 10
    assert client.get("/pulsemcp/v0.1/servers", headers={"X-API-Key": "key-for-tests"}).status_code == 401
    tenant = {"X-API-Key": "key-for-tests", "X-Tenant-ID": "tenant-for-tests"}
    assert client.get("/pulsemcp/v0.1/servers", headers=tenant).json()["metadata"]["count"] == 30


def test_list_is_sent_once_while_it_is_the_same(client: httpx.Client) -> None:
    answer = client.get("/lists/someone/list/main/README.md")
    again = client.get("/lists/someone/list/main/README.md", headers={"If-None-Match": answer.headers["etag"]})
    assert answer.text.count("- [") > 20
    assert again.status_code == 304


@pytest.mark.parametrize("kind", ["close", "reset", "half", "long_length", "drip", "hang"])
def test_connection_breaks_on_demand_and_then_no_more(client: httpx.Client, standins: StandIns, kind: str) -> None:
    standins.set_fault("^/v0.1/servers", kind, times=1)
    with pytest.raises(httpx.TransportError):
        read_for(client, 0.6)
    assert client.get("/v0.1/servers").status_code == 200


def read_for(client: httpx.Client, seconds: float) -> None:
    ends = time.monotonic() + seconds
    with client.stream("GET", "/v0.1/servers", timeout=seconds) as answer:
        for _ in answer.iter_bytes():
            if time.monotonic() > ends:
                raise httpx.ReadTimeout("still not all of it")


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("garbage", b"<html>"),
        ("odd_types", b"[1,null"),
        ("empty", b""),
        ("cursor_loop", b"endCursor"),
    ],
)
def test_answers_are_odd_on_demand(client: httpx.Client, standins: StandIns, kind: str, seen: bytes) -> None:
    standins.set_fault("^/v0.1/servers", kind, after=1, times=1)
    usual, odd, again = (client.get("/v0.1/servers").content for _ in range(3))
    assert usual == again != odd
    assert seen in odd


def test_truncated_gzip_is_not_whole(client: httpx.Client, standins: StandIns) -> None:
    standins.set_fault("^/v0.1/servers", "half_gzip", times=1)
    assert not client.get("/v0.1/servers").text.endswith("}")


def test_entries_come_twice_on_demand(client: httpx.Client, standins: StandIns) -> None:
    standins.set_fault("^/v0.1/servers", "duplicates", times=1)
    assert len(client.get("/v0.1/servers?limit=5").json()["servers"]) == 10


def test_status_and_redirects_come_on_demand_and_are_counted(client: httpx.Client, standins: StandIns) -> None:
    before = standins.counts().get("registry", 0)
    standins.set_fault("^/v0.1/servers", "status", status=429, retry_after="7", times=1)
    busy = client.get("/v0.1/servers")
    standins.set_fault("^/v0.1/servers", "redirect_loop")
    with pytest.raises(httpx.TooManyRedirects):
        client.get("/v0.1/servers", follow_redirects=True)
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "7")
    assert standins.counts()["registry"] - before > 20


def test_stand_ins_end_with_their_user() -> None:
    with serve_world(WorldSettings(servers=5, tools=20)) as standins:
        httpx.get(f"{standins.address}/v0/health", trust_env=False).raise_for_status()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{standins.address}/v0/health", trust_env=False)
