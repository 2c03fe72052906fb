"""The discover stage: what sources list, written to the catalog page by page, each with the state to go on from.

A killed walk goes on where its last stored page ended. Nothing is fetched here but listings.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, Engine, RowMapping, bindparam, insert, select, update

from catalog.bulk import write_rows
from catalog.dialects import holding, insert_new, writing
from catalog.models import listings, packages, sources
from catalog.report import StageReport
from catalog.session import reported_errors
from crawler.errors import CrawlError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.identity import find_or_make_server, name_listing
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.places import drop_places, put_places
from crawler.repository import repository_of
from crawler.schedule import FIRST_HOURS, STAMPED_HOURS
from crawler.target import Target
from crawler.web import Web

ASKED = "asked"  # the source of what a person named
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class DiscoverSetting:
    """What discovery needs. `keys` holds keys by the name of their variable; `on_page` hears how many were listed."""

    engine: Engine
    web: Web
    cache: ArchiveCache
    now: datetime
    keys: Mapping[str, str]
    on_page: Callable[[str, int], None] = lambda _source, _listed: None


def source_name(source: Source, where: str | None) -> str:
    """Name a source in the catalog: its id, and where it is when that is not its usual place."""
    return f"{source.id}:{where}" if where else source.id


def discover(chosen: Sequence[tuple[Source, str | None]], setting: DiscoverSetting) -> StageReport:
    """Visit sources. One that fails is a problem; what it gave until then is kept, and the others go on."""
    done, failed, problems = 0, 0, []
    for source, where in chosen:
        name = source_name(source, where)
        visit = _Visit(name, setting)
        with reported_errors("the catalog"), holding(setting.engine, f"source {name}") as free:
            if not free:
                problems.append(f"{name}: another crawl is visiting it")
                continue
            try:
                visit.run(source, where)
            except CrawlError as error:
                failed += 1
                visit.end(problem=error.reason)
                problems.append(f"{name}: {error.reason}")
        problems += [f"{name}: {problem}" for problem in visit.problems]
        done += visit.listed
    return StageReport("discover", done=done, failed=failed, problems=tuple(problems))


def list_targets(engine: Engine, targets: Sequence[Target], now: datetime) -> list[int]:
    """Write targets that a person asked for as listings of their own, and give the ids of their places in order."""
    at, ids = now.isoformat(timespec="seconds"), []
    chosen = list(dict.fromkeys(targets))
    with reported_errors("the catalog"):
        for start in range(0, len(chosen), _TOGETHER):
            some = chosen[start : start + _TOGETHER]
            with writing(engine) as connection:
                _know_source(connection, ASKED)
                store_listings(connection, ASKED, [_asked(target) for target in some], walk=1, at=at)
                for target in some:
                    where = (packages.c.registry == target.kind, packages.c.name == target.key)
                    ids.append(int(connection.execute(select(packages.c.id).where(*where)).scalar_one()))
    return list(dict.fromkeys(ids))


def _asked(target: Target) -> Listing:
    repository = repository_of(target)
    place = (repository.address, repository.subfolder, repository.ref) if repository else (None, None, None)
    address, subfolder, ref = place
    key = f"{target.kind}:{target.key}"
    return Listing(key, repository=address, subfolder=subfolder, ref=ref, packages=(target,))


def _know_source(connection: Connection, name: str) -> None:
    connection.execute(insert_new(connection, sources).values(name=name, state={}, walk=1))


class _Visit:
    """One visit to one source."""

    def __init__(self, name: str, setting: DiscoverSetting) -> None:
        self._name = name
        self._setting = setting
        self._at = setting.now.isoformat(timespec="seconds")
        self.listed = 0
        self.problems: list[str] = []

    def run(self, source: Source, where: str | None) -> None:
        """Store every page of the source."""
        key = self._setting.keys.get(source.key_variable) if source.key_variable else None
        if source.needs_key and not key:
            raise CrawlError(self._name, f"needs a key of yours; set {source.key_variable}", cause="refused")
        if source.needs_where and not where:
            raise CrawlError(self._name, f"needs to know where; write {source.id}:WHERE", cause="not a target")
        with writing(self._setting.engine) as connection:
            _know_source(connection, self._name)
            state = connection.execute(select(sources.c.state).where(sources.c.name == self._name)).scalar_one()
        asked = SourceSetting(self._setting.web, self._setting.cache, where, state, self._setting.now, key)
        for page in source.pages(asked):
            self._store(page)
            self.listed += len(page.listings)
            self.problems += page.problems
            self._setting.on_page(self._name, self.listed)
        self.end(problem=None)

    def end(self, *, problem: str | None) -> None:
        """Write how the visit ended."""
        with writing(self._setting.engine) as connection:
            ended = {"visited_at": self._at, "problem": problem}
            connection.execute(update(sources).where(sources.c.name == self._name).values(**ended))

    def _store(self, page: Page) -> None:
        with writing(self._setting.engine) as connection:
            walk = connection.execute(select(sources.c.walk).where(sources.c.name == self._name)).scalar_one()
            store_listings(connection, self._name, page.listings, walk=walk, at=self._at)
            if page.whole:
                _withdraw_unseen(connection, self._name, walk, self._at)
                walk += 1
            state = {"state": dict(page.state), "walk": walk}
            connection.execute(update(sources).where(sources.c.name == self._name).values(**state))


def store_listings(connection: Connection, source: str, found: Sequence[Listing], *, walk: int, at: str) -> list[int]:
    """Write listings with their servers and places; one that says nothing new costs a look-up. Gives server ids."""
    by_key = {listing.key: listing for listing in found}
    of_source = (listings.c.source == source, listings.c.key.in_(by_key))
    known = {row["key"]: row for row in connection.execute(select(listings).where(*of_source)).mappings()}
    seen, ids = [], []
    for key, listing in by_key.items():
        before = known.get(key)
        if before is not None and before["digest"] == _digest(listing):
            seen.append((walk, before["id"]))
            ids.append(int(before["server_id"]))
        else:
            ids.append(_store_listing(connection, source, listing, before, walk=walk, at=at))
    again = update(listings).where(listings.c.id == bindparam("listing_id")).values(walk=bindparam("walk_now"))
    write_rows(connection, again, ["walk_now", "listing_id"], seen)
    return ids


def _store_listing(
    connection: Connection, source: str, listing: Listing, before: RowMapping | None, *, walk: int, at: str
) -> int:
    named = name_listing(listing)
    server = find_or_make_server(connection, source, named, before)
    places = [str(target) for target in named.places()]
    row = {
        "server_id": server,
        "digest": _digest(listing),
        "places": places,
        "repository_id": named.repository_id,
        "elsewhere": list(listing.elsewhere),
        "vouched": listing.vouched,
        "walk": walk,
        "withdrawn_at": at if listing.withdrawn else None,
    }
    if before is None:
        connection.execute(insert(listings).values(source=source, key=listing.key, first_seen=at, **row))
    else:
        connection.execute(update(listings).where(listings.c.id == before["id"]).values(**row))
        _drop_unnamed(connection, before["server_id"], set(before["places"]).difference(places))
    if listing.withdrawn:
        _drop_unnamed(connection, server, places)
    else:
        hours = FIRST_HOURS if listing.stamp is None else STAMPED_HOURS
        put_places(connection, server, named.places(), hours=hours, at=at)
    return server


def _withdraw_unseen(connection: Connection, source: str, walk: int, at: str) -> None:
    """Mark what a whole walk no longer met as withdrawn."""
    where = (listings.c.source == source, listings.c.walk < walk, listings.c.withdrawn_at.is_(None))
    for row in connection.execute(select(listings).where(*where)).mappings().all():
        # Without its digest it counts as new when it comes back.
        gone = update(listings).where(listings.c.id == row["id"]).values(withdrawn_at=at, digest="")
        connection.execute(gone)
        _drop_unnamed(connection, row["server_id"], row["places"])


def _drop_unnamed(connection: Connection, server: int, places: Collection[str]) -> None:
    if not places:
        return
    where = (listings.c.server_id == server, listings.c.withdrawn_at.is_(None))
    named = connection.execute(select(listings.c.places).where(*where)).scalars().all()
    drop_places(connection, server, set(places).difference(*named))


def _digest(listing: Listing) -> str:
    return hashlib.sha256(orjson.dumps(listing)).hexdigest()[:32]
