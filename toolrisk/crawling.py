"""Discovering and crawling as the command line does it: one at a time on a catalog, watched, logged, summed up."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from catalog.report import StageReport
from catalog.session import hold_catalog, open_catalog
from crawler.discover import DiscoverSetting, discover, list_targets
from crawler.due import count_due, newest_look
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.downloads import GitHub
from crawler.fetch.fetching import FetchSetting
from crawler.listing import Source
from crawler.run import CrawlSetting, crawl
from crawler.target import Target, TargetKind
from crawler.web import Web, WebSetting
from toolrisk.collector import relax_collector
from toolrisk.crawl_log import CrawlLog
from toolrisk.executors import make_executor, reported_deaths
from toolrisk.progress import crawl_progress
from toolrisk.settings import GITHUB_API, Settings

_SMALL_BATCH, _LARGE_BATCH = 10, 50
_CALLS = 8  # calls of a client that a crawl should have at least, so that several run at once


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """What to crawl: targets that were named; or all that is due, after visiting sources."""

    targets: Sequence[Target] = ()
    sources: Sequence[tuple[Source, str | None]] = ()


def run_crawl(settings: Settings, request: CrawlRequest, log: Path | None = None) -> list[StageReport]:
    """Discover, then fetch, extract and store; a report for each stage that ran.

    Raises CatalogError when another crawl is writing the catalog.
    """
    reports = []
    relax_collector()
    with hold_catalog(settings.catalog), CrawlLog(log) as written, Web(web_setting(settings)) as web:
        engine = open_catalog(settings.catalog)
        now = current_time(engine)
        if request.sources:
            with crawl_progress("discover", None) as progress:
                asked = DiscoverSetting(engine, web, ArchiveCache(settings.cache), now, os.environ, progress.on_page)
                chosen = [(source, _located(source, where, settings)) for source, where in request.sources]
                reports.append(discover(chosen, asked))
                written.write_stage(reports[-1])
        ids = list_targets(engine, request.targets, now) if request.targets else None
        total = len(ids) if ids is not None else count_due(engine, now)
        with crawl_progress("crawl", total) as progress:
            batch = max(_SMALL_BATCH, min(_LARGE_BATCH, total // _CALLS))
            fetch = fetch_setting(settings, web, batch)
            hear = _both(progress.on_look, written.write_look)
            make = partial(make_executor, settings.executor, shared=[settings.cache.absolute()])
            with reported_deaths("crawl"):
                reports.append(crawl(CrawlSetting(engine, fetch, make, now, hear), ids))
            written.write_stage(reports[-1])
        engine.dispose()
    return reports


def current_time(engine: Engine) -> datetime:
    """Give the time; where the clock was set back behind what the catalog knows, go on from there."""
    now = datetime.now(UTC).replace(microsecond=0)
    newest = newest_look(engine)
    return max(now, newest) if newest else now


def web_setting(settings: Settings) -> WebSetting:
    """Give how HTTP is spoken."""
    return WebSetting(settings.contact, settings.allow_private, settings.per_host, settings.rate)


def fetch_setting(settings: Settings, web: Web | None, batch: int = _SMALL_BATCH) -> FetchSetting:
    """Give what fetching needs; GitHub's API is used only with a token, git itself otherwise."""
    github = GitHub(settings.github_token, settings.github_api) if settings.github_token else None
    return FetchSetting(ArchiveCache(settings.cache), web, github, batch)


@contextmanager
def fetching_one(settings: Settings, target: Target) -> Iterator[FetchSetting]:
    """Give what fetching a single target needs: HTTP only for those that come over it."""
    if target.kind is TargetKind.URL or (target.kind is TargetKind.GITHUB and settings.github_token):
        with Web(web_setting(settings)) as web:
            yield fetch_setting(settings, web)
    else:
        yield fetch_setting(settings, None)


def _located(source: Source, where: str | None, settings: Settings) -> str | None:
    """Give where a source is: GitHub's topics are asked of the same API as its repositories."""
    if source.id != "github" or settings.github_api == GITHUB_API or "://" in (where or ""):
        return where
    return f"{settings.github_api}#{where}" if where else settings.github_api


def _both(*hearers: Callable[..., None]) -> Callable[..., None]:
    def hear(*what: object) -> None:
        for one in hearers:
            one(*what)

    return hear
