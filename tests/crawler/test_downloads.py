"""Archives over HTTP: by address with an announced digest, and a commit's tree from the forge's API."""

import hashlib
import io
import zipfile
from collections.abc import Iterator

import pytest

from crawler.errors import FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.downloads import GitHub
from crawler.fetch.fetching import FetchSetting, fetch_targets
from crawler.fetched import Fetched
from crawler.target import parse_target
from crawler.web import Web, WebSetting
from tests.loopback_registry import LoopbackRegistry
from tests.standins.serve import StandIns, serve_world
from tests.standins.world import WorldSettings


def bundle(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("manifest.json", text)
    return stream.getvalue()


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(WebSetting(allow_private=True, rate=1_000, attempts=1)) as web:
        yield web


def fetch(text: str, setting: FetchSetting) -> Fetched | FetchError:
    ((_, found),) = fetch_targets([parse_target(text)], setting)
    return found


def test_archive_at_an_address_is_fetched_and_checked(
    registry: LoopbackRegistry, cache: ArchiveCache, web: Web
) -> None:
    data = bundle("{}")
    registry.files["/x.mcpb"] = data
    digest = hashlib.sha256(data).hexdigest()
    found = fetch(f"{registry.address}/x.mcpb#sha256={digest}", FetchSetting(cache, web))
    assert isinstance(found, Fetched)
    assert found.path.read_bytes() == data
    wrong = fetch(f"{registry.address}/x.mcpb#sha256={'0' * 64}", FetchSetting(cache, web))
    assert isinstance(wrong, FetchError)
    assert "SHA-256" in wrong.reason


def test_archive_that_changed_at_its_address_is_fetched_again(
    registry: LoopbackRegistry, cache: ArchiveCache, web: Web
) -> None:
    digests = []
    for text in ("{}", '{"name": "other"}'):
        registry.files["/x.mcpb"] = bundle(text)
        found = fetch(f"{registry.address}/x.mcpb", FetchSetting(cache, web))
        assert isinstance(found, Fetched)
        digests.append(found.digest)
    assert len(set(digests)) == 2


def test_archive_that_is_not_there_is_one_error(registry: LoopbackRegistry, cache: ArchiveCache, web: Web) -> None:
    found = fetch(f"{registry.address}/none.mcpb", FetchSetting(cache, web))
    assert isinstance(found, FetchError)
    assert found.cause == "not found"


@pytest.fixture(scope="module")
def standins() -> Iterator[StandIns]:
    with serve_world(WorldSettings(servers=12, tools=60, seed=5), seconds=120) as running:
        yield running


def repository_of_the_world(standins: StandIns) -> str:
    for number in range(12):
        address = str(standins.server(number).get("repository") or "")
        if address and standins.server(number).get("kind") != "suite":
            return address.removeprefix("https://github.com/")
    raise AssertionError("the world has no repository")


def test_commit_of_the_forge_is_fetched_once(standins: StandIns, cache: ArchiveCache, web: Web) -> None:
    setting = FetchSetting(cache, web, GitHub("token", f"{standins.address}/github"))
    target = f"github:{repository_of_the_world(standins)}"
    first = fetch(target, setting)
    before = standins.counts()
    second = fetch(target, setting)
    after = standins.counts()
    assert isinstance(first, Fetched)
    assert isinstance(second, Fetched)
    assert first.commit == second.commit
    assert first.digest == second.digest
    assert after["codeload"] == before["codeload"]
    assert after["github"] == before["github"] + 1  # which commit it is now: answered that nothing changed


def test_repository_that_the_forge_does_not_know_is_one_error(
    standins: StandIns, cache: ArchiveCache, web: Web
) -> None:
    setting = FetchSetting(cache, web, GitHub("token", f"{standins.address}/github"))
    found = fetch("github:nobody/nothing", setting)
    assert isinstance(found, FetchError)
    assert found.cause == "not found"
    assert "token" not in str(found)
