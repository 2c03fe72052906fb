"""What happens to the machine: killed, out of disk, the clock set back, the catalog held by others."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from catalog.errors import CatalogError
from catalog.session import hold_catalog, open_catalog
from crawler.due import newest_look
from crawler.fetch.archive_cache import ArchiveCache
from tests.crawler.crawling import LATE, crawl_targets
from tests.crawler.ecosystem import content
from toolrisk.crawling import current_time

ROOT = Path(__file__).parents[2]
DUMPS, KILLS = 20, 200


def write_dumps(folder: Path, number: int, tools: int = 4) -> list[str]:
    folder.mkdir()
    for at in range(number):
        found = [{"name": f"tool_{at}_{n}", "description": f"Does {n} of {at}. " * 8} for n in range(tools)]
        (folder / f"server-{at:03d}.json").write_text(json.dumps({"tools": found}))
    return [f"tools:{path}" for path in sorted(folder.glob("*.json"))]


def test_catalog_is_the_same_after_kill_9_at_200_random_moments(tmp_path: Path) -> None:
    write_dumps(tmp_path / "dumps", DUMPS)
    command = [sys.executable, "-m", "tests.crawler.killed_crawl", str(tmp_path), str(KILLS), "7"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    undisturbed = content(open_catalog(f"sqlite:///{tmp_path}/timed.db"))
    assert len(undisturbed["tools"]) == DUMPS * 4
    catalogs = int(done.stdout)
    assert catalogs > 5
    for number in range(catalogs):
        engine = open_catalog(f"sqlite:///{tmp_path}/killed-{number}.db")
        assert content(engine) == undisturbed, f"catalog {number}"
        engine.dispose()


def test_clock_that_was_set_back_changes_nothing(engine: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    texts = write_dumps(tmp_path / "dumps", 3)
    ahead = current_time(engine) + timedelta(days=400)
    crawl_targets(engine, cache, *texts, now=ahead)
    before = content(engine)
    now = current_time(engine)
    assert now == ahead == newest_look(engine)
    crawl_targets(engine, cache, *texts, now=now)
    assert content(engine) == before


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Any]:
    """A catalog whose database may not grow any further: SQLite's own error for a full disk."""
    engine = open_catalog(f"sqlite:///{tmp_path / 'crowded.db'}")

    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 30")

    event.listen(engine, "connect", limit)
    engine.dispose()
    yield engine
    engine.dispose()


def test_full_disk_is_one_line_and_the_next_crawl_goes_on(crowded: Engine, cache: ArchiveCache, tmp_path: Path) -> None:
    texts = write_dumps(tmp_path / "dumps", 40, tools=60)
    with pytest.raises(CatalogError, match="the disk is full") as caught:
        crawl_targets(crowded, cache, *texts)
    assert "\n" not in str(caught.value)
    crowded.dispose()
    roomy = open_catalog(f"sqlite:///{tmp_path / 'crowded.db'}")
    crawl_targets(roomy, cache, *texts)
    whole = open_catalog(f"sqlite:///{tmp_path / 'whole.db'}")
    crawl_targets(whole, cache, *texts)
    assert content(roomy) == content(whole)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_disk_that_is_really_full_is_one_line(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        texts = write_dumps(tmp_path / "dumps", 60, tools=60)
        environment = {**os.environ, "TOOLRISK_CATALOG": str(disk / "catalog.db"), "TOOLRISK_CACHE": str(disk / "c")}
        command = [sys.executable, "-m", "toolrisk", "crawl", *texts]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 1
        assert "disk is full" in done.stderr
        assert "Traceback" not in done.stderr
        with closing(sqlite3.connect(disk / "catalog.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_second_crawl_of_a_catalog_at_the_same_time_is_refused_in_one_line(tmp_path: Path) -> None:
    texts = write_dumps(tmp_path / "dumps", 2)
    catalog = tmp_path / "catalog.db"
    environment = {**os.environ, "TOOLRISK_CATALOG": str(catalog), "TOOLRISK_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "toolrisk", "crawl", *texts]
    with hold_catalog(f"sqlite:///{catalog}"):
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "another crawl is writing it" in done.stderr
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_two_crawls_started_together_leave_one_whole_catalog(tmp_path: Path) -> None:
    texts = write_dumps(tmp_path / "dumps", 30)
    catalog = tmp_path / "catalog.db"
    environment = {**os.environ, "TOOLRISK_CATALOG": str(catalog), "TOOLRISK_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "toolrisk", "crawl", *texts]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for one in both:
        one.communicate(timeout=60)
    assert 0 in {one.returncode for one in both}
    whole = open_catalog(f"sqlite:///{tmp_path / 'whole.db'}")
    crawl_targets(whole, ArchiveCache(tmp_path / "cache"), *texts, now=LATE)
    assert content(open_catalog(f"sqlite:///{catalog}")) == content(whole)


def test_place_that_is_gone_is_an_issue_and_not_asked_again_at_once(
    engine: Engine, cache: ArchiveCache, tmp_path: Path
) -> None:
    texts = write_dumps(tmp_path / "dumps", 2)
    crawl_targets(engine, cache, *texts)
    shutil.rmtree(tmp_path / "dumps")
    report = crawl_targets(engine, cache, *texts, now=LATE)
    assert (report.failed, report.causes) == (2, (("not found", 2),))
