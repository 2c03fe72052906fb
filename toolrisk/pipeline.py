"""The order of the stages, and what each is given. Each stage can run alone; `build_catalog` runs all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog.queries import CatalogStatus, iter_servers, read_status
from catalog.report import StageReport
from catalog.session import open_catalog
from crawler.archive_cache import ArchiveCache
from crawler.run import CrawlSetting, crawl
from crawler.target import Target
from toolrisk.collector import relax_collector
from toolrisk.executors import make_executor
from toolrisk.progress import progress_bar
from toolrisk.settings import Settings


def run_crawl(settings: Settings, targets: Sequence[Target]) -> StageReport:
    """Discover, fetch, extract and store."""
    engine = open_catalog(settings.catalog)
    with progress_bar("crawl", len(targets)) as advance:
        finished: list[str] = []

        def on_target(target: str) -> None:
            finished.append(target)
            advance(len(finished), len(targets))

        now = datetime.now(UTC).isoformat(timespec="seconds")
        setting = CrawlSetting(engine, ArchiveCache(settings.cache), make_executor, now, on_target)
        return crawl(targets, setting)


def run_classify(settings: Settings, *, everything: bool = False) -> StageReport:
    """Assess what is new or changed."""
    from classifier.overrides import read_overrides
    from classifier.run import classify

    overrides = read_overrides(settings.overrides)
    relax_collector()
    engine = open_catalog(settings.catalog, create=False)
    with progress_bar("classify") as advance:
        return classify(engine, everything=everything, overrides=overrides, on_tools=advance)


def run_site(settings: Settings, out: Path) -> StageReport:
    """Build the site from the catalog."""
    from site_builder.run import build_site

    engine = open_catalog(settings.catalog, create=False)
    built_at = read_status(engine).newest_look or ""
    incidents = settings.data / "incidents.jsonl"
    built = build_site(lambda: iter_servers(engine), out, incidents=incidents, built_at=built_at)
    return StageReport("site", done=built.pages_written, skipped=built.pages_unchanged)


def read_catalog_status(settings: Settings) -> CatalogStatus:
    """Count what the catalog holds."""
    return read_status(open_catalog(settings.catalog, create=False))
