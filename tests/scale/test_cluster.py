"""Crawl and site on a Dask cluster: what they make is what one process makes, whatever dies on the way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from catalog.session import open_catalog
from classifier.run import classify
from crawler.discover import list_targets
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting
from crawler.run import CrawlSetting, crawl
from crawler.store import Look
from crawler.target import parse_target
from tests.crawler.crawling import EARLY
from tests.crawler.ecosystem import content
from tests.scale.cluster import Cluster, new_cluster, write_dumps
from tests.site_builder.building import read_all
from toolrisk.executors import ExecutorError, make_executor, reported_deaths
from toolrisk.exporting import export_catalog
from toolrisk.pipeline import run_site
from toolrisk.settings import Settings, read_settings

DEADLY = Path(__file__).parent / "deadly.py"
SERVERS = 402  # enough for three parts of a site, which are then shared out
# The catalog as a file holds its rows in the order in which they were found, and these name its digest.
_OF_THE_FILE = ("downloads/catalog.db", "downloads/index.html", "downloads/index.json")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with new_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.start_scheduler()
        cluster.start_workers(2, "--nthreads", "1", "--preload", str(DEADLY))
        yield cluster


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return write_dumps(tmp_path_factory.mktemp("dumps"), SERVERS)


def crawl_on(form: str, targets: list[str], folder: Path, **more: Any) -> Engine:
    """Crawl targets into the catalog of a folder, as the command line does."""
    folder.mkdir(exist_ok=True)
    engine = open_catalog(f"sqlite:///{folder / 'catalog.db'}")
    cache = folder / "cache"
    places = list_targets(engine, [parse_target(text) for text in targets], EARLY)
    make = partial(make_executor, form, shared=[cache])
    with reported_deaths("crawl"):
        crawl(CrawlSetting(engine, FetchSetting(ArchiveCache(cache)), make, EARLY, **more), places)
    return engine


def settings_of(form: str, folder: Path) -> Settings:
    usual = read_settings()
    return Settings(f"sqlite:///{folder / 'catalog.db'}", folder / "cache", usual.data, usual.overrides, executor=form)


@dataclass(frozen=True)
class Made:
    """All that is made of some targets: the catalog, the policies of all tools, and the site."""

    catalog: Any
    policies: bytes
    site: dict[str, bytes]


def make_all(form: str, targets: list[str], folder: Path) -> Made:
    engine = crawl_on(form, targets, folder)
    classify(engine)
    export_catalog(engine, "jsonl", folder / "tools.jsonl")
    run_site(settings_of(form, folder), folder / "site")
    return Made(content(engine), (folder / "tools.jsonl").read_bytes(), read_site(folder / "site"))


def read_site(site: Path) -> dict[str, bytes]:
    return {path: data for path, data in read_all(site).items() if path not in _OF_THE_FILE}


@pytest.fixture(scope="module")
def undisturbed(targets: list[str], tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = make_all("serial", targets, tmp_path_factory.mktemp("serial"))
    assert len(made.catalog["tools"]) == SERVERS
    assert len(made.site) > SERVERS * 5
    return made


def test_processes_make_what_one_process_makes(targets: list[str], undisturbed: Made, tmp_path: Path) -> None:
    assert make_all("processes:2", targets, tmp_path) == undisturbed


def test_cluster_makes_what_one_process_makes_though_its_workers_die(
    targets: list[str], undisturbed: Made, tmp_path: Path, cluster: Cluster
) -> None:
    looks: list[Look] = []

    def kill_once(look: Look) -> None:
        looks.append(look)
        if len(looks) == 20:
            cluster.kill_worker()

    engine = crawl_on(cluster.form, targets, tmp_path, on_look=kill_once, stored_together=20)
    classify(engine)
    assert content(engine) == undisturbed.catalog
    settings, out = settings_of(cluster.form, tmp_path), tmp_path / "site"
    begun = out / ".toolrisk" / "new" / "servers"
    with killing_when(begun, cluster), pytest.raises(ExecutorError, match=r"site: workers died, .* run again"):
        run_site(settings, out)
    assert read_all(out) == {}  # it is what it was
    run_site(settings, out)
    export_catalog(engine, "jsonl", tmp_path / "tools.jsonl")
    assert (tmp_path / "tools.jsonl").read_bytes() == undisturbed.policies
    assert read_site(out) == undisturbed.site


def test_place_that_kills_its_worker_is_the_only_one_that_is_given_up(
    targets: list[str], tmp_path: Path, cluster: Cluster
) -> None:
    (tmp_path / "dumps").mkdir()
    deadly = tmp_path / "dumps" / "deadly.json"
    deadly.write_text('{"tools": [{"name": "look"}]}')
    few = targets[:30]
    held = content(crawl_on(cluster.form, [*few[:15], f"tools:{deadly}", *few[15:]], tmp_path))
    assert [row[:2] for row in held["issues"]] == [(f"tools:{deadly}", "fetch")]
    assert "died" in held["issues"][0][2]
    assert len(held["tools"]) == len(few)


def test_scheduler_that_comes_back_is_waited_for_and_one_that_does_not_is_one_line(
    targets: list[str], tmp_path: Path
) -> None:
    few, looks = targets[:150], []
    whole = content(crawl_on("serial", few, tmp_path / "whole"))
    with new_cluster(tmp_path / "lost") as lost:

        def lose(look: Look) -> None:
            looks.append(look)
            if len(looks) in (10, 60):
                lost.stop()
            if len(looks) == 10:
                start(lost)

        start(lost)
        with pytest.raises(ExecutorError, match="no scheduler answers there; start one"):
            crawl_on(lost.form, few, tmp_path / "parts", on_look=lose, stored_together=5)
    assert 60 <= len(looks) < len(few)
    assert content(crawl_on("serial", few, tmp_path / "parts")) == whole


def start(cluster: Cluster) -> None:
    cluster.start_scheduler()
    cluster.start_workers(1, "--nthreads", "1", "--no-nanny")


@contextmanager
def killing_when(path: Path, cluster: Cluster) -> Iterator[None]:
    """Kill the workers as soon as a path is there."""

    ended = threading.Event()

    def kill() -> None:
        while not path.exists():
            if ended.wait(0.005):
                return
        cluster.kill_worker()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
