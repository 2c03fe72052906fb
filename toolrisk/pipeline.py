"""What the stages after the crawl are given: classify, site, and what the catalog then holds."""

from datetime import UTC, datetime
from pathlib import Path

from catalog.history import iter_changes, servers_with_changes
from catalog.queries import iter_servers
from catalog.report import StageReport
from catalog.session import open_catalog
from catalog.status import CatalogStatus, read_status
from toolrisk.collector import relax_collector
from toolrisk.progress import progress_bar
from toolrisk.settings import Settings


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
    from site_builder.api.downloads import copy_catalog
    from site_builder.changes import History
    from site_builder.for_programs import Holdings
    from site_builder.hosting import read_moved
    from site_builder.run import build_site

    engine = open_catalog(settings.catalog, create=False)
    # What is due is counted at the newest look, so that two builds of one catalog are the same.
    newest = read_catalog_status(settings).newest_look or ""
    holdings = Holdings(read_status(engine, newest), tuple(read_moved(engine)), lambda path: copy_catalog(engine, path))
    incidents = settings.data / "incidents.jsonl"
    history = History(
        servers_with_changes(engine), lambda server, limit: iter_changes(engine, server=server, limit=limit)
    )
    built = build_site(
        lambda: iter_servers(engine),
        out,
        incidents=incidents,
        history=history,
        holdings=holdings,
    )
    return StageReport("site", done=built.pages_written, skipped=built.pages_unchanged)


def read_catalog_status(settings: Settings) -> CatalogStatus:
    """Count what the catalog holds."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return read_status(open_catalog(settings.catalog, create=False), now)
