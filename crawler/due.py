"""Which places are to be looked at now, streamed from the catalog with what their last look left."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, RowMapping, func, select, update

from catalog.dialects import has_many_crawlers, writing
from catalog.models import packages, snapshots
from crawler.store import Place
from crawler.target import target_of_kind

LEASE_HOURS = 1  # looking at LEASED_TOGETHER places takes far less; a look that is done twice harms nothing
LEASED_TOGETHER = 100  # enough for the clients' batches, few enough to leave other crawls something
_CHUNK = 1_000


def iter_due(engine: Engine, now: datetime) -> Iterator[Place]:
    """Stream the places that are due, by their ids; what becomes due behind the point reached, another call gives.

    Where several crawls may run at once, each place goes to one of them: it is leased until its look is stored, for
    LEASE_HOURS at most, so that what a crawl leaves behind when it dies is looked at by another.
    """
    began, last = time.monotonic(), 0
    at = now.isoformat(timespec="seconds")
    while has_many_crawlers(engine):
        ids = _lease(engine, now, now + timedelta(seconds=time.monotonic() - began), last)
        yield from iter_places(engine, ids)
        if len(ids) < LEASED_TOGETHER:
            return
        last = ids[-1]
    while True:
        rows = _read(engine, packages.c.due_at <= at, packages.c.id > last)
        for row in rows:
            last = row["place_id"]
            yield _place(row)
        if len(rows) < _CHUNK:
            return


def iter_places(engine: Engine, ids: Sequence[int]) -> Iterator[Place]:
    """Stream places by their ids, due or not."""
    for start in range(0, len(ids), _CHUNK):
        rows = {row["place_id"]: row for row in _read(engine, packages.c.id.in_(ids[start : start + _CHUNK]))}
        for place in ids[start : start + _CHUNK]:
            if place in rows:
                yield _place(rows[place])


def count_due(engine: Engine, now: datetime) -> int:
    """Count the places that are due."""
    at = now.isoformat(timespec="seconds")
    with engine.connect() as connection:
        return connection.execute(select(func.count()).where(packages.c.due_at <= at)).scalar_one()


def make_reread_due(engine: Engine, extractors: str, now: datetime) -> None:
    """Have everything looked at again that another state of the extraction code read."""
    old = select(snapshots.c.id).where(snapshots.c.extractors.not_in((extractors, "")))
    again = update(packages).where(packages.c.snapshot_id.in_(old), packages.c.usable)
    with writing(engine) as connection:
        connection.execute(again.values(due_at=now.isoformat(timespec="seconds")))


def newest_look(engine: Engine) -> datetime | None:
    """Give the newest time in the catalog's schedule, so that a clock that was set back goes on from there."""
    with engine.connect() as connection:
        newest = connection.execute(select(func.max(packages.c.checked_at))).scalar_one()
    return datetime.fromisoformat(newest) if newest else None


def _lease(engine: Engine, now: datetime, clock: datetime, last: int) -> Sequence[int]:
    """Lease places that are due `now` and not leased at `clock`; give their ids, in order."""
    at, until = (one.isoformat(timespec="seconds") for one in (clock, clock + timedelta(hours=LEASE_HOURS)))
    free = packages.c.leased_until.is_(None) | (packages.c.leased_until < at)
    due = (packages.c.due_at <= now.isoformat(timespec="seconds"), packages.c.id > last, free)
    query = select(packages.c.id).where(*due).order_by(packages.c.id).limit(LEASED_TOGETHER)
    with writing(engine) as connection:
        ids = connection.execute(query).scalars().all()
        connection.execute(update(packages).where(packages.c.id.in_(ids)).values(leased_until=until))
    return ids


def _read(engine: Engine, *where: ColumnElement[bool]) -> list[RowMapping]:
    last_look = [
        column.label(f"known_{column.name}")
        for column in (snapshots.c.version, snapshots.c.digest, snapshots.c.archive_digest, snapshots.c.extractors)
    ]
    place = (packages.c.registry, packages.c.target, packages.c.hours, packages.c.failures)
    query = (
        select(packages.c.id.label("place_id"), *place, *last_look)
        .join_from(packages, snapshots, snapshots.c.id == packages.c.snapshot_id, isouter=True)
        .where(*where)
        .order_by(packages.c.id)
        .limit(_CHUNK)
    )
    with engine.connect() as connection:
        return list(connection.execute(query).mappings())


def _place(row: RowMapping) -> Place:
    known = None
    if row["known_digest"] is not None:
        known = {name.removeprefix("known_"): value for name, value in row.items() if name.startswith("known_")}
    target = target_of_kind(row["registry"], row["target"])
    return Place(row["place_id"], target, row["hours"], row["failures"], known)
