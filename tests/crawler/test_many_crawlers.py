"""Several crawls on one PostgreSQL catalog: each place is looked at once, and no crawl's death keeps one back."""

import json
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from catalog.dialects import holding
from catalog.models import listings, packages, snapshots
from catalog.session import hold_catalog, open_catalog
from classifier.run import classify
from crawler.discover import DiscoverSetting, discover, list_targets
from crawler.due import LEASE_HOURS, LEASED_TOGETHER, iter_due
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting
from crawler.run import CrawlSetting, crawl
from crawler.sources import SOURCES
from crawler.store import Look
from crawler.target import parse_target
from crawler.web import Web, WebSetting
from tests.crawler.crawling import EARLY
from tests.crawler.ecosystem import content
from toolrisk.executors import SerialExecutor

PLACES = 130
DUMPS = next(source for source in SOURCES if source.id == "dumps")


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    engine = open_catalog(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def dumps(tmp_path: Path) -> Path:
    folder = tmp_path / "dumps"
    folder.mkdir()
    for at in range(PLACES):
        # Many share a definition, so that crawls meet in the same rows.
        found = [{"name": f"tool_{n}", "description": f"Does {n} of {at % 7}."} for n in range(3)]
        (folder / f"server-{at:03d}.json").write_text(json.dumps({"tools": found}))
    return folder


def list_dumps(engine: Engine, dumps: Path) -> None:
    list_targets(engine, [parse_target(f"tools:{path}") for path in sorted(dumps.glob("*.json"))], EARLY)


def setting(engine: Engine, folder: Path, **more: Any) -> CrawlSetting:
    return CrawlSetting(engine, FetchSetting(ArchiveCache(folder / "cache")), SerialExecutor, EARLY, **more)


def undisturbed(dumps: Path, folder: Path) -> dict[str, Any]:
    engine = open_catalog(f"sqlite:///{folder / 'undisturbed.db'}")
    list_dumps(engine, dumps)
    crawl(setting(engine, folder))
    held = content(engine)
    engine.dispose()
    return held


def leased(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count(packages.c.leased_until))).scalar_one()


def test_each_place_is_looked_at_once_and_the_catalog_is_as_of_one_crawl(
    engine: Engine, dumps: Path, tmp_path: Path
) -> None:
    list_dumps(engine, dumps)
    seen: Counter[int] = Counter()

    def note(look: Look) -> None:
        seen[look.place.id] += 1

    with ThreadPoolExecutor(2) as pool:
        one_crawl = partial(crawl, setting(engine, tmp_path, on_look=note, stored_together=10))
        reports = [running.result() for running in [pool.submit(one_crawl) for _ in range(2)]]
    assert sum(report.done for report in reports) == PLACES
    assert all(report.done for report in reports)
    assert set(seen.values()) == {1}
    assert content(engine) == undisturbed(dumps, tmp_path)
    assert leased(engine) == 0


def test_two_that_ask_are_given_different_places(engine: Engine, dumps: Path) -> None:
    list_dumps(engine, dumps)
    one, other = iter_due(engine, EARLY), iter_due(engine, EARLY)
    first = [next(one).id, next(other).id]
    rest = [place.id for pair in (one, other) for place in pair]
    assert sorted(first + rest) == sorted(set(first + rest))
    assert len(first + rest) == PLACES
    assert list(iter_due(engine, EARLY)) == []
    assert len(list(iter_due(engine, EARLY + timedelta(hours=LEASE_HOURS, seconds=60)))) == PLACES


def _crawl_and_die(url: str, folder: Path, after: int) -> None:
    engine, seen = open_catalog(url), []

    def note(look: Look) -> None:
        seen.append(look)
        if len(seen) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    crawl(setting(engine, folder, on_look=note, stored_together=after))


def test_what_a_killed_crawl_has_leased_is_looked_at_when_its_time_is_over(
    engine: Engine, dumps: Path, postgresql_url: str, tmp_path: Path
) -> None:
    list_dumps(engine, dumps)
    child = multiprocessing.get_context("spawn").Process(target=_crawl_and_die, args=(postgresql_url, tmp_path, 20))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    left = leased(engine)
    assert 0 < left < LEASED_TOGETHER
    assert crawl(setting(engine, tmp_path)).done == PLACES - LEASED_TOGETHER  # the rest, at once
    assert crawl(setting(engine, tmp_path)).done == 0
    later = EARLY + timedelta(hours=LEASE_HOURS, seconds=60)
    fetch = FetchSetting(ArchiveCache(tmp_path / "cache"))
    assert crawl(CrawlSetting(engine, fetch, SerialExecutor, later)).done == left
    assert content(engine) == undisturbed(dumps, tmp_path)
    assert leased(engine) == 0


def visit(engine: Engine, dumps: Path, folder: Path) -> tuple[str, ...]:
    with Web(WebSetting()) as web:
        asked = DiscoverSetting(engine, web, ArchiveCache(folder / "cache"), EARLY, {})
        return discover([(DUMPS, str(dumps))], asked).problems


def test_source_is_visited_by_one_at_a_time(engine: Engine, dumps: Path, tmp_path: Path) -> None:
    with holding(engine, f"source dumps:{dumps}") as free:
        assert free
        assert visit(engine, dumps, tmp_path) == (f"dumps:{dumps}: another crawl is visiting it",)
    assert visit(engine, dumps, tmp_path) == ()
    assert visit(engine, dumps, tmp_path) == ()
    with engine.connect() as connection:
        assert connection.execute(select(func.count(listings.c.withdrawn_at))).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(listings)).scalar_one() == PLACES


def test_discover_crawl_and_classify_at_once_end_as_one_after_the_other(
    engine: Engine, dumps: Path, tmp_path: Path, postgresql_url: str
) -> None:
    def work(_number: int) -> None:
        with hold_catalog(postgresql_url):  # which lets everybody in
            visit(engine, dumps, tmp_path)
            crawl(setting(engine, tmp_path, stored_together=10))
            classify(engine)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    crawl(setting(engine, tmp_path))
    classify(engine)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(snapshots)).scalar_one() == PLACES
    held = content(engine)
    assert len(held["tools"]) == PLACES * 3
    assert held["issues"] == held["changes"] == []
    assert classify(engine).done == 0
