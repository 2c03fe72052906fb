"""A small world of stand-ins crawled as an operator crawls the real one, and what a catalog then says, to compare."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from catalog.models import changes, definitions, issues, listings, packages, servers, snapshots, tools
from catalog.report import StageReport
from catalog.session import open_catalog
from crawler.discover import DiscoverSetting, discover
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.downloads import GitHub
from crawler.fetch.fetching import FetchSetting
from crawler.listing import Source
from crawler.run import CrawlSetting, crawl
from crawler.sources import github, registry
from crawler.web import Web, WebSetting
from tests.standins.serve import StandIns
from toolrisk.executors import SerialExecutor

# The world begins in November 2026; what it says about waiting counts from the real time.
NOW = max(datetime.now(UTC).replace(microsecond=0), datetime(2026, 11, 2, tzinfo=UTC))
# Waits are scaled down; what is measured is that they end, not how long they are.
HASTY = WebSetting(
    allow_private=True,
    per_host=8,
    rate=10_000,
    attempts=3,
    patience=1.5,
    connect_seconds=1,
    read_seconds=1,
    total_seconds=2,
    first_wait=0.02,
)


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """Stand-ins, and a folder in which catalogs of them are made."""

    standins: StandIns
    folder: Path

    def catalog(self, name: str) -> Engine:
        """Open a catalog of its own."""
        return open_catalog(f"sqlite:///{self.folder / name}.db")

    @property
    def sources(self) -> list[tuple[Source, str | None]]:
        """Give the sources that list this world."""
        by_id = {source.id: source for source in _SOURCES}
        return [
            (by_id["registry"], self.standins.address),
            (by_id["github"], f"{self.standins.address}/github#mcp-server"),
        ]

    def run(
        self, engine: Engine, *, hours: float = 0, cache: str = "cache", web: WebSetting = HASTY
    ) -> list[StageReport]:
        """Discover and crawl, some hours after the beginning."""
        now = NOW + timedelta(hours=hours)
        archives = ArchiveCache(self.folder / cache)
        with Web(web) as client:
            found = discover(self.sources, DiscoverSetting(engine, client, archives, now, {}))
            fetch = FetchSetting(archives, client, GitHub("token", f"{self.standins.address}/github"), batch=25)
            return [found, crawl(CrawlSetting(engine, fetch, SerialExecutor, now))]


def content(engine: Engine) -> dict[str, Any]:
    """Give all that a catalog says of servers, without row numbers and times of looking."""
    with engine.connect() as connection:
        slugs = {row[0]: row[1] for row in connection.execute(select(servers.c.id, servers.c.slug))}
        places = {row["id"]: row for row in connection.execute(select(packages)).mappings()}
        outcome = {row[0]: row[1] for row in connection.execute(select(snapshots.c.id, snapshots.c.outcome))}
        return {
            "servers": sorted(
                (row["slug"], row["name"], row["title"], row["description"], row["repository"], row["licence"])
                for row in connection.execute(select(servers)).mappings()
            ),
            "shown": sorted(
                (row["slug"], places[row["package_id"]]["target"])
                for row in connection.execute(select(servers)).mappings()
                if row["package_id"] is not None
            ),
            "places": sorted(
                (row["target"], slugs[row["server_id"]], outcome.get(row["snapshot_id"]), row["usable"], row["claim"])
                for row in places.values()
            ),
            "listings": sorted(
                (row["source"], row["key"], slugs[row["server_id"]], row["digest"], row["withdrawn_at"] is None)
                for row in connection.execute(select(listings)).mappings()
            ),
            "tools": sorted(
                (places[row["package_id"]]["target"], row["name"], row["slug"], row["definition_digest"], row["path"])
                for row in connection.execute(select(tools).where(tools.c.withdrawn_at.is_(None))).mappings()
            ),
            "definitions": sorted(connection.execute(select(definitions.c.digest)).scalars()),
            "issues": sorted(map(tuple, connection.execute(select(issues.c.target, issues.c.stage, issues.c.reason)))),
            "changes": sorted(
                (row["kind"], row["before"] or "", row["after"] or "")
                for row in connection.execute(select(changes)).mappings()
            ),
        }


def shown(engine: Engine) -> dict[str, Any]:
    """Give what a catalog shows of each server, by the place whose tools they are.

    Which source came first decides a server's slug, and what else was looked at on the way, but never this.
    """
    held = content(engine)
    target_of = dict(held["shown"])
    return {
        target_of[slug]: {
            "server": (name, *about),
            "tools": [row[1:] for row in held["tools"] if row[0] == target_of[slug]],
            "listings": [(row[0], row[1], row[3], row[4]) for row in held["listings"] if row[2] == slug],
        }
        for slug, name, *about in held["servers"]
        if slug in target_of
    }


@contextmanager
def pointed_at(standins: StandIns, folder: Path, set_variable: Any) -> Iterator[Ecosystem]:
    """Point npm and pip at stand-ins, by `set_variable`, and give the ecosystem."""
    for name, value in {**standins.environment(), "npm_config_cache": str(folder / "npm-cache")}.items():
        set_variable(name, value)
    yield Ecosystem(standins, folder)
    standins.clear_faults()


def hasty(**changes_: Any) -> WebSetting:
    """Give the scaled-down setting with something else."""
    return replace(HASTY, **changes_)


_SOURCES = (registry.SOURCE, github.SOURCE)
