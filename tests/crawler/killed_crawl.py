"""A crawl killed again and again, in a process of its own: `python -m tests.crawler.killed_crawl FOLDER KILLS SEED`.

Everything is loaded once; each try is a fork, killed at a random moment. Prints how many catalogs were made on the way.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from catalog.session import hold_catalog, open_catalog
from crawler.discover import DiscoverSetting, discover
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting
from crawler.run import CrawlSetting, crawl
from crawler.sources import SOURCES
from crawler.web import Web, WebSetting
from toolrisk.executors import SerialExecutor

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORED_TOGETHER = 3  # few, so that there are many moments between two transactions


def crawl_once(folder: Path, catalog: Path) -> None:
    """Discover the folder's dumps and crawl what is due, as the command line does it."""
    url = f"sqlite:///{catalog}"
    with hold_catalog(url), Web(WebSetting()) as web:
        engine = open_catalog(url)
        dumps = next(source for source in SOURCES if source.id == "dumps")
        cache = ArchiveCache(folder / "cache")
        discover([(dumps, str(folder / "dumps"))], DiscoverSetting(engine, web, cache, NOW, {}))
        setting = CrawlSetting(engine, FetchSetting(cache), SerialExecutor, NOW, stored_together=STORED_TOGETHER)
        crawl(setting)
        engine.dispose()


def kill_and_finish(folder: Path, kills: int, seed: int) -> int:
    """Kill crawls into new catalogs at random moments until there were that many kills, each catalog then finished."""
    chance = random.Random(seed)  # noqa: S311 - the same moments each time, as far as the machine allows
    catalogs = hits = 0
    longest = timed(folder, folder / "timed.db")
    while hits < kills:
        catalog = folder / f"killed-{catalogs}.db"
        catalogs += 1
        while hits < kills and (pid := fork(folder, catalog)):
            time.sleep(chance.uniform(0, longest))
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            if not os.WIFSIGNALED(status):
                break  # it was done before
            hits += 1
        _, status = os.waitpid(fork(folder, catalog), 0)
        if status:
            sys.exit(f"{catalog.name} could not be finished")
    return catalogs


def fork(folder: Path, catalog: Path) -> int:
    """Crawl in a child; give its process id."""
    pid = os.fork()
    if pid == 0:
        try:
            crawl_once(folder, catalog)
        except BaseException:  # noqa: BLE001 - a child of a fork must not return
            os._exit(1)
        os._exit(0)
    return pid


def timed(folder: Path, catalog: Path) -> float:
    """Give the seconds that an undisturbed crawl takes."""
    began = time.monotonic()
    os.waitpid(fork(folder, catalog), 0)
    return time.monotonic() - began


if __name__ == "__main__":
    print(kill_and_finish(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))  # noqa: T201
