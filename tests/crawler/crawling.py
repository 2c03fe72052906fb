"""Targets crawled as the command line does it, without it: for tests of what the catalog then holds."""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime

from sqlalchemy import Engine

from catalog.report import StageReport
from crawler.discover import list_targets
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting
from crawler.run import CrawlSetting, crawl
from crawler.target import parse_target
from toolrisk.executors import SerialExecutor

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def crawl_targets(
    engine: Engine,
    cache: ArchiveCache,
    *texts: str,
    now: datetime = EARLY,
    make: Callable[[], Executor] = SerialExecutor,
) -> StageReport:
    """List targets as a person names them, and look at each."""
    places = list_targets(engine, [parse_target(text) for text in texts], now)
    return crawl(CrawlSetting(engine, FetchSetting(cache), make, now), places)
