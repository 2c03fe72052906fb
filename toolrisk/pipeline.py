"""What the stages after the crawl are given: classify, site, and what the catalog then holds."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog.address import read_address
from catalog.report import StageReport
from catalog.session import open_catalog
from catalog.status import CatalogStatus, read_status
from toolrisk.collector import relax_collector
from toolrisk.executors import make_executor, reported_deaths
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


def run_site(settings: Settings, out: Path, **options: Any) -> StageReport:
    """Build the site from the catalog; `options` are those of SiteSettings.

    Raises ExecutorError when its workers died or cannot do the work.
    """
    from site_builder.api.downloads import copy_catalog
    from site_builder.hosting import read_moved
    from site_builder.reading import CatalogReader
    from site_builder.run import build_site
    from site_builder.settings import SiteSettings
    from site_builder.whole import Holdings

    engine = open_catalog(settings.catalog, create=False)
    # What is due is counted at the newest look, so that two builds of one catalog are the same.
    newest = read_catalog_status(settings).newest_look or ""
    holdings = Holdings(read_status(engine, newest), tuple(read_moved(engine)), lambda path: copy_catalog(engine, path))
    relax_collector()
    url, is_file = _make_absolute(settings.catalog)
    look = SiteSettings(settings.data / "incidents.jsonl", **options)
    look = replace(look, theme=look.theme.absolute() if look.theme else None)
    shared = [out.absolute(), look.incidents, *([look.theme] if look.theme else [])]
    workers = make_executor(settings.executor, shared=shared, one_machine=is_file)
    with reported_deaths("site"), workers as executor, progress_bar("site") as advance:
        built = build_site(
            CatalogReader(url), out, settings=look, holdings=holdings, executor=executor, on_tools=advance
        )
    return StageReport("site", done=built.pages_written, skipped=built.pages_unchanged)


def read_catalog_status(settings: Settings) -> CatalogStatus:
    """Count what the catalog holds."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return read_status(open_catalog(settings.catalog, create=False), now)


def _make_absolute(url: str) -> tuple[str, bool]:
    """Give a catalog's address so that workers in other folders find it, and whether it is a file."""
    address = read_address(url)
    if address.file is None:
        return url, False
    # A database of a URI says by itself where it is.
    file = address.file if address.file.startswith("file:") else str(Path(address.file).absolute())
    return address.url.set(database=file).render_as_string(hide_password=False), True
