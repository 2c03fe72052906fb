"""Which places are to be looked at now, streamed from the catalog with what their last look left."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, RowMapping, func, select, update

from catalog.models import packages, snapshots
from crawler.store import Place
from crawler.target import target_of_kind

_CHUNK = 1_000


def iter_due(engine: Engine, now: datetime) -> Iterator[Place]:
    """Stream the places that are due, by their ids; what becomes due behind the point reached, another call gives."""
    at, last = now.isoformat(timespec="seconds"), 0
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
    with engine.begin() as connection:
        connection.execute(again.values(due_at=now.isoformat(timespec="seconds")))


def newest_look(engine: Engine) -> datetime | None:
    """Give the newest time in the catalog's schedule, so that a clock that was set back goes on from there."""
    with engine.connect() as connection:
        newest = connection.execute(select(func.max(packages.c.checked_at))).scalar_one()
    return datetime.fromisoformat(newest) if newest else None


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
