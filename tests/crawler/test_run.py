"""The crawl stage: what it stores, what it skips, and what it does with what goes wrong."""

import json
import multiprocessing
import os
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from catalog.errors import CatalogError
from catalog.models import issues, servers, snapshots, tools
from catalog.queries import find_server, iter_servers
from catalog.session import open_catalog
from catalog.status import read_status
from crawler.discover import list_targets
from crawler.due import iter_places
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting
from crawler.fetched import Fetched
from crawler.recovery.recover import recover
from crawler.run import CrawlSetting, crawl
from crawler.store import Look, store_looks
from crawler.target import parse_target
from tests.crawler.crawling import EARLY, LATE, crawl_targets
from tests.loopback_registry import LoopbackRegistry
from toolrisk.executors import SerialExecutor, make_executor


def write_dump(folder: Path, name: str, tools_: list[dict[str, Any]]) -> str:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"tools": tools_}))
    return f"tools:{path}"


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)).mappings())


def test_one_bad_target_costs_no_other(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    good = write_dump(tmp_path, "good", [{"name": "look"}])
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    report = crawl_targets(engine, cache, f"tools:{broken}", "tools:absent.json", good)
    assert (report.done, report.failed) == (1, 2)
    assert [server.name for server in iter_servers(engine)] == ["good.json"]
    assert {row["target"] for row in rows(engine, issues)} == {f"tools:{broken}", "tools:absent.json"}


def test_problem_that_went_away_is_no_longer_shown(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    dump = tmp_path / "late.json"
    crawl_targets(engine, cache, f"tools:{dump}")
    assert read_status(engine, "2026").problems
    dump.write_text('[{"name": "look"}]')
    crawl_targets(engine, cache, f"tools:{dump}")
    assert read_status(engine, "2026").problems == ()


def test_second_crawl_changes_nothing(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    dump = write_dump(tmp_path, "one", [{"name": "look"}, {"name": "write"}])
    crawl_targets(engine, cache, dump)
    before = [rows(engine, table) for table in (servers, snapshots, tools)]
    report = crawl_targets(engine, cache, dump, now=LATE)
    assert (report.done, report.skipped) == (0, 1)
    assert [rows(engine, table) for table in (servers, snapshots, tools)] == before


def test_history_is_kept_when_tools_change(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    crawl_targets(engine, cache, write_dump(tmp_path, "one", [{"name": "a"}, {"name": "b"}]))
    changed = write_dump(tmp_path, "one", [{"name": "b", "description": "new"}, {"name": "c"}])
    crawl_targets(engine, cache, changed, now=LATE)
    stored = {row["name"]: row for row in rows(engine, tools)}
    assert stored["a"]["withdrawn_at"] == LATE.isoformat()
    assert stored["b"]["first_seen"] == EARLY.isoformat()
    assert stored["c"]["first_seen"] == LATE.isoformat()
    assert [tool.definition.name for tool in find_server(engine, "one.json").tools] == ["b", "c"]
    crawl_targets(engine, cache, write_dump(tmp_path, "one", [{"name": "a"}]))
    assert [tool.definition.name for tool in find_server(engine, "one.json").tools] == ["a"]


def test_servers_and_tools_whose_slugs_collide_stay_apart(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    names = ["do it", "do.it", "DO IT", "do/it", "\u202edo it", "😀", "…", "x" * 2_000, "con", "index"]
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        write_dump(folder, "same", [{"name": name} for name in names])
    crawl_targets(engine, cache, *(f"tools:{folder / 'same.json'}" for folder in folders))
    found = list(iter_servers(engine))
    assert len({server.slug for server in found}) == 2
    for server in found:
        slugs = [tool.slug for tool in server.tools]
        assert {tool.definition.name for tool in server.tools} == set(names)
        assert len({slug.lower() for slug in slugs}) == len(names)
        assert all(len(slug.encode()) < 150 and "/" not in slug for slug in slugs)


def test_ten_thousand_tools_are_stored(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    dump = write_dump(tmp_path, "many", [{"name": f"tool_{n}"} for n in range(10_000)])
    crawl_targets(engine, cache, dump)
    assert len(next(iter_servers(engine)).tools) == 10_000


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "t", "inputSchema": ["no", "object"]},
        {"name": "t", "inputSchema": {"properties": {"n": {"maximum": 10**40}}}},
        {"name": "t", "description": 7, "annotations": {"readOnlyHint": "yes", "other": {"deep": []}}},
        {"name": "t", "description": "\ud800 lone"},
        {"name": "t", "description": "x" * 3_000_000},
    ],
    ids=["schema-no-object", "huge-number", "wrong-types", "lone-surrogate", "huge-text"],
)
def test_odd_definitions_are_stored_as_far_as_they_go(
    engine: Engine, cache: ArchiveCache, tmp_path: Path, entry: dict[str, Any]
) -> None:
    crawl_targets(engine, cache, write_dump(tmp_path, "odd", [entry, {"name": "plain"}]))
    names = [tool.definition.name for server in iter_servers(engine) for tool in server.tools]
    # A lone surrogate makes the whole file invalid JSON: an issue, not a crash.
    assert names == ["plain", "t"] or read_status(engine, "2026").problems


def test_damaged_archive_and_hostile_members_are_issues(
    engine: Engine, cache: ArchiveCache, registry: LoopbackRegistry, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.tgz"
    broken.write_bytes(b"\x1f\x8bnot gzip")
    registry.add_wheel("escaping", "1.0", {"../out.py": "x", "escaping.py": ""})
    report = crawl_targets(engine, cache, str(broken), "pypi:escaping==1.0")
    assert (report.done, report.failed) == (1, 1)
    found = {(row["stage"], row["path"]) for row in rows(engine, issues)}
    assert found == {("fetch", None), ("extract", "../out.py")}


def test_locked_catalog_is_one_clear_line(cache: ArchiveCache, tmp_path: Path) -> None:
    engine = open_catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    dump = write_dump(tmp_path, "one", [{"name": "a"}])
    blocker = sqlite3.connect(tmp_path / "catalog.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with pytest.raises(CatalogError, match="another process holds it"):
        crawl_targets(engine, cache, dump)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert crawl_targets(engine, cache, dump).done == 1


def test_killed_crawl_is_finished_by_the_next(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    texts = [write_dump(tmp_path, f"s{n}", [{"name": f"t{i}"} for i in range(200)]) for n in range(30)]
    undisturbed = open_catalog(f"sqlite:///{tmp_path / 'whole.db'}")
    cache = ArchiveCache(tmp_path / "cache")
    crawl_targets(undisturbed, cache, *texts)
    context = multiprocessing.get_context("spawn")
    for delay in (0.0, 0.02, 0.1):
        child = context.Process(target=_crawl_in_child, args=(url, tmp_path, texts))
        child.start()
        deadline = time.monotonic() + 20
        while not (tmp_path / "started").exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(delay)
        if child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        (tmp_path / "started").unlink(missing_ok=True)
    engine = open_catalog(url)
    crawl_targets(engine, cache, *texts)
    assert list(iter_servers(engine)) == list(iter_servers(undisturbed))


def _crawl_in_child(url: str, folder: Path, texts: list[str]) -> None:
    engine = open_catalog(url)
    (folder / "started").touch()
    crawl_targets(engine, ArchiveCache(folder / "cache"), *texts)


def test_workers_find_what_one_process_finds(cache: ArchiveCache, tmp_path: Path) -> None:
    texts = [write_dump(tmp_path, f"s{n}", [{"name": f"t{n}"}]) for n in range(5)]
    found = []
    for make in (SerialExecutor, make_executor):
        engine = open_catalog(f"sqlite:///{tmp_path / make.__name__}.db")
        crawl_targets(engine, cache, *texts, make=make)
        found.append(list(iter_servers(engine)))
    assert found[0] == found[1]


def test_workers_are_replaced_and_nothing_is_lost(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    texts = [write_dump(tmp_path, f"s{n}", [{"name": f"t{n}"}]) for n in range(7)]
    made: list[SerialExecutor] = []

    def make() -> SerialExecutor:
        made.append(SerialExecutor())
        return made[-1]

    places = list_targets(engine, [parse_target(text) for text in texts], EARLY)
    setting = CrawlSetting(engine, FetchSetting(cache), make, EARLY, workers_read=3)
    assert crawl(setting, places).done == 7
    assert len(made) == 3
    assert len(list(iter_servers(engine))) == 7


def test_place_that_was_read_meanwhile_is_compared_with_what_is_there(
    engine: Engine, cache: ArchiveCache, tmp_path: Path
) -> None:
    dump = write_dump(tmp_path, "one", [{"name": "look"}, {"name": "write"}])
    (place,) = list_targets(engine, [parse_target(dump)], EARLY)
    (before_any,) = iter_places(engine, [place])
    crawl_targets(engine, cache, dump)
    fetched = Fetched(before_any.target, tmp_path / "one.json")
    look = Look(before_any, fetched, recover(fetched), extractors="x")  # as if it had been under way all the time
    with engine.begin() as connection:
        store_looks(connection, [look], LATE)
    assert len(rows(engine, tools)) == 2
