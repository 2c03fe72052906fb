"""Building sites from lists of servers, and looking at what was built. Not for tests of the catalog's own reader."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from catalog.history import ToolChange
from catalog.records import CatalogServer
from site_builder.attacks import AttackList, read_attacks
from site_builder.brief import ServerBrief, make_brief
from site_builder.judged import judge_server
from site_builder.output import KEPT, OutputFolder
from site_builder.run import SiteReport, build_site
from site_builder.settings import SiteSettings
from site_builder.whole import Holdings
from tests.site_builder.list_reader import ListReader
from tests.site_builder.status_factory import STATUS
from toolrisk.executors import SerialExecutor

INCIDENTS = Path(__file__).parents[2] / "data" / "incidents.jsonl"
ATTACKS = read_attacks(INCIDENTS)


def build_list(
    out: Path,
    servers: Iterable[CatalogServer],
    changes: Iterable[ToolChange] = (),
    *,
    holdings: Holdings | None = None,
    executor: Executor | None = None,
    **settings: Any,
) -> SiteReport:
    """Build a site from servers and what happened to their tools; `settings` are those of SiteSettings."""
    told = sorted(changes, key=lambda change: change.at, reverse=True)
    return build_site(
        ListReader(tuple(servers), told),
        out,
        settings=SiteSettings(INCIDENTS, **settings),
        holdings=holdings or Holdings(STATUS),
        executor=executor or SerialExecutor(),
    )


def write_files(out: Path, files: Mapping[str, bytes], *, precompress: bool = False) -> OutputFolder:
    """Write a site that is nothing but these files; the folder that is given counts what it did."""
    with OutputFolder(out, precompress=precompress) as folder:
        folder.write_unit("pages", "", files.items())
        folder.finish()
    return folder


def read_remains(out: Path) -> set[str]:
    """Name what a build left behind beside its state."""
    return {path.name for path in (out / KEPT).iterdir()} - {"state.db"}


def make_briefs(servers: Iterable[CatalogServer], attacks: AttackList = ATTACKS) -> list[ServerBrief]:
    """Put servers in brief, as a build does."""
    return [make_brief(judge_server(server), attacks) for server in servers]


def read_all(site: Path) -> dict[str, bytes]:
    """Read the files of a site by their paths in it, without what its builds remember."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in _list(site) if path.is_file()}


def read_times(site: Path) -> dict[str, int]:
    """Tell when the files and folders of a site were changed, by their paths in it."""
    return {path.relative_to(site).as_posix(): path.stat().st_mtime_ns for path in _list(site)}


def _list(site: Path) -> list[Path]:
    return [path for path in sorted(site.rglob("*")) if path.relative_to(site).parts[0] != KEPT]
