"""A visitor, and stand-ins of the services that sources are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.fetch.archive_cache import ArchiveCache
from crawler.web import Web
from tests.crawler.sources.visiting import Visitor
from tests.standins.quick_web import quick
from tests.standins.serve import StandIns, serve_world
from tests.standins.world import WorldSettings

SERVERS = 1200


@pytest.fixture(scope="session")
def patient_web() -> Iterator[Web]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NO_PROXY", "127.0.0.1")
        with Web(quick(read_seconds=10.0, total_seconds=20.0, connect_seconds=5.0)) as web:
            yield web


@pytest.fixture
def visitor(patient_web: Web, tmp_path: Path) -> Visitor:
    return Visitor(patient_web, ArchiveCache(tmp_path / "cache"))


@pytest.fixture(scope="module")
def running() -> Iterator[StandIns]:
    with serve_world(WorldSettings(servers=SERVERS, tools=SERVERS, seed=7), seconds=120) as standins:
        yield standins


@pytest.fixture
def standins(running: StandIns) -> Iterator[StandIns]:
    yield running
    running.clear_faults()
    running.set_settings()
