"""What goes wrong between us and the services costs nothing that lasts: the catalog ends as an undisturbed run's."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.crawler.ecosystem import HASTY, Ecosystem, content, hasty, pointed_at, shown
from tests.standins.serve import StandIns, serve_world
from tests.standins.world import WorldSettings

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")

MUCH_LATER = 24 * 10  # hours: more than the wait for what seems to be gone or damaged

# Which requests meet a fault: those of a source, of the forge, and of each package client.
LISTING, SEARCH = r"^/v0\.1/servers", r"^/github/search"
TREE, NPM_FILE, PYPI_FILE = r"^/codeload/", r"^/npm/.*\.tgz", r"^/pypi-files/"


@pytest.fixture(scope="module")
def standins() -> Iterator[StandIns]:
    with serve_world(WorldSettings(servers=24, tools=120, seed=11), seconds=900) as running:
        yield running


@pytest.fixture
def ecosystem(standins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ecosystem]:
    with pointed_at(standins, tmp_path, monkeypatch.setenv) as ready:
        yield ready


@pytest.fixture(scope="module")
def undisturbed_catalog(standins: StandIns, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    patch = pytest.MonkeyPatch()
    with pointed_at(standins, tmp_path_factory.mktemp("undisturbed"), patch.setenv) as ready:
        engine = ready.catalog("undisturbed")
        reports = ready.run(engine)
        assert [report.failed for report in reports] == [0, 0]
        yield engine
    patch.undo()


@pytest.fixture
def undisturbed(undisturbed_catalog: Engine) -> dict[str, Any]:
    found = content(undisturbed_catalog)
    assert len(found["tools"]) > 60
    return found


def test_nothing_changes_the_second_time(ecosystem: Ecosystem, undisturbed: dict[str, Any]) -> None:
    engine = ecosystem.catalog("twice")
    ecosystem.run(engine)
    asked = ecosystem.standins.counts()
    again = ecosystem.run(engine, hours=1)
    assert again[1].done == 0
    more = ecosystem.standins.counts()
    assert {name for name in more if more[name] != asked[name]} <= {"registry", "github"}
    assert sum(more.values()) - sum(asked.values()) <= 5
    assert content(engine) == undisturbed


@pytest.mark.parametrize("where", [LISTING, SEARCH, TREE], ids=["listing", "search", "tree"])
@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("reset", {"times": 1}),
        ("half", {"times": 1}),
        ("half_gzip", {"times": 1}),
        ("long_length", {"times": 1}),
        ("close", {"times": 1}),
        ("status", {"times": 1, "status": 429, "retry_after": "1"}),
        ("status", {"times": 1, "status": 429}),
        ("status", {"times": 2, "status": 500}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(str(one) for one in value.values()),
)
def test_fault_that_passes_is_not_noticed_in_the_end(
    ecosystem: Ecosystem, undisturbed: dict[str, Any], where: str, kind: str, about: dict[str, Any]
) -> None:
    ecosystem.standins.set_fault(where, kind, **about)
    engine = ecosystem.catalog("disturbed")
    ecosystem.run(engine)
    ecosystem.standins.clear_faults()
    ecosystem.run(engine, hours=MUCH_LATER)
    assert content(engine) == undisturbed


@pytest.mark.parametrize("where", [LISTING, SEARCH, TREE], ids=["listing", "search", "tree"])
@pytest.mark.parametrize(
    ("kind", "about", "cause"),
    [
        ("status", {"status": 500}, "server error"),
        ("status", {"status": 403}, "refused"),
        ("status", {"status": 429, "retry_after": "3600"}, "rate limited"),
        ("redirect_loop", {}, "redirect"),
        ("drip", {}, "timed out"),
        ("endless", {}, "too large"),
        ("reset", {}, "connection lost"),
        ("garbage", {}, "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(str(one) for one in value.values()),
)
def test_fault_that_stays_is_told_and_made_good_when_it_ends(
    ecosystem: Ecosystem, undisturbed_catalog: Engine, where: str, kind: str, about: dict[str, Any], cause: str
) -> None:
    ecosystem.standins.set_fault(where, kind, **about)
    engine = ecosystem.catalog("disturbed")
    found, crawled = ecosystem.run(engine)
    if where == TREE:
        assert crawled.failed > 0
        # A body without end or a slow one is cut by whichever limit is met first.
        assert {name for name, _ in crawled.causes} <= {cause, "timed out"}
    else:
        # Both sources are one host here, and one that asks to be left alone is left alone by both.
        assert found.failed == (2 if cause == "rate limited" and where == LISTING else 1)
        assert len(found.problems) == found.failed
    ecosystem.standins.clear_faults()
    ecosystem.run(engine, hours=MUCH_LATER)
    assert shown(engine) == shown(undisturbed_catalog)


@pytest.mark.parametrize("where", [NPM_FILE, PYPI_FILE], ids=["npm", "pypi"])
@pytest.mark.parametrize(
    ("kind", "about"),
    [("reset", {}), ("status", {"status": 500}), ("status", {"status": 403}), ("garbage", {}), ("half", {})],
    ids=lambda value: value if isinstance(value, str) else "-".join(str(one) for one in value.values()),
)
def test_packages_that_could_not_be_had_are_had_later(
    ecosystem: Ecosystem, undisturbed: dict[str, Any], where: str, kind: str, about: dict[str, Any]
) -> None:
    ecosystem.standins.set_fault(where, kind, **about)
    engine = ecosystem.catalog("disturbed")
    _, crawled = ecosystem.run(engine)
    assert crawled.failed > 0
    assert all("\n" not in problem for problem in crawled.problems)
    ecosystem.standins.clear_faults()
    ecosystem.run(engine, hours=MUCH_LATER)
    assert content(engine) == undisturbed


def test_nobody_there_is_told_and_made_good(ecosystem: Ecosystem, undisturbed_catalog: Engine) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = StandIns(f"http://127.0.0.1:{closed.getsockname()[1]}", 0)
        engine = ecosystem.catalog("disturbed")
        found, _ = Ecosystem(nobody, ecosystem.folder).run(engine)
    assert found.failed == 2
    assert all("cannot be connected to" in problem for problem in found.problems)
    ecosystem.run(engine, hours=1)
    assert shown(engine) == shown(undisturbed_catalog)


def test_cursor_that_leads_back_ends_the_visit(ecosystem: Ecosystem, undisturbed_catalog: Engine) -> None:
    ecosystem.standins.set_fault(LISTING, "cursor_loop")
    engine = ecosystem.catalog("disturbed")
    found, _ = ecosystem.run(engine)
    assert found.failed == 1
    ecosystem.standins.clear_faults()
    ecosystem.run(engine, hours=1)
    assert shown(engine) == shown(undisturbed_catalog)


def test_entries_told_twice_count_once(ecosystem: Ecosystem, undisturbed: dict[str, Any]) -> None:
    ecosystem.standins.set_fault(LISTING, "duplicates")
    engine = ecosystem.catalog("disturbed")
    ecosystem.run(engine)
    assert content(engine) == undisturbed


def test_ten_minutes_of_errors_cost_the_services_little(ecosystem: Ecosystem) -> None:
    ecosystem.standins.set_fault(r"^/(v0\.1|github)/", "status", status=500)
    before = sum(ecosystem.standins.counts().values())
    engine = ecosystem.catalog("disturbed")
    for minute in range(10):
        ecosystem.run(engine, hours=minute / 60)
    assert sum(ecosystem.standins.counts().values()) - before <= 10 * 2 * HASTY.attempts


def test_time_of_the_next_try_is_the_one_that_was_told(ecosystem: Ecosystem) -> None:
    ecosystem.standins.set_fault(TREE, "status", status=429, retry_after="5400")
    engine = ecosystem.catalog("limited")
    ecosystem.run(engine, web=hasty(patience=0.2))
    ecosystem.standins.clear_faults()
    assert ecosystem.run(engine, hours=1)[1].done == 0
    assert ecosystem.run(engine, hours=24 * 365)[1].done > 0
