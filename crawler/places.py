"""The places that one server is published at: which is looked at, and which one's tools are the server's.

A server is crawled at one place, the first that has tools; others are looked at when that one has none, or when asked.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, tuple_, update

from catalog.bulk import write_rows
from catalog.models import packages, servers, snapshots
from catalog.vocabulary import Outcome
from crawler.target import Target, TargetKind

# What people install comes before the repository it is made from.
_RANKS = (
    *(TargetKind.NPM, TargetKind.PYPI, TargetKind.URL, TargetKind.ARCHIVE),
    *(TargetKind.GITHUB, TargetKind.GIT, TargetKind.DIRECTORY, TargetKind.TOOLS),
)


def place_rank(target: Target, at: int) -> int:
    """Rank a place: by its kind, then by where its listing names it."""
    return _RANKS.index(target.kind) * 100 + min(at, 99)


def put_places(connection: Connection, server: int, targets: Sequence[Target], *, hours: float, at: str) -> None:
    """Write where a listing says that a server is, and have the place that is crawled looked at now.

    A place that another server has already stays with that one.
    """
    keys = [(target.kind, target.key) for target in targets]
    query = select(packages.c.registry, packages.c.name, packages.c.id, packages.c.server_id)
    rows = connection.execute(query.where(tuple_(packages.c.registry, packages.c.name).in_(keys))).all()
    known = {(row[0], row[1]): row for row in rows}
    kept = []
    for position, target in enumerate(targets):
        row = known.get((target.kind, target.key))
        about = {"target": str(target), "rank": place_rank(target, position), "usable": True, "hours": hours}
        if row is None:
            added = insert(packages).values(
                server_id=server, registry=target.kind, name=target.key, declares=[], failures=0, **about
            )
            kept.append(int(connection.execute(added.returning(packages.c.id)).scalar_one()))
        elif row[3] == server:
            connection.execute(update(packages).where(packages.c.id == row[2]).values(**about))
            kept.append(int(row[2]))
    chosen = _first(_places_of(connection, (server,)))
    if chosen in kept:
        connection.execute(update(packages).where(packages.c.id == chosen).values(due_at=at))


def drop_places(connection: Connection, server: int, gone: Iterable[str]) -> None:
    """Look no more at places, written as targets, that no listing of a server names any longer."""
    where = (packages.c.server_id == server, packages.c.target.in_(list(gone)))
    connection.execute(update(packages).where(*where).values(usable=False, due_at=None))


def settle_places(connection: Connection, servers_: Collection[int], at: str) -> None:
    """After looks, say which place's tools are a server's; where none has any, have its next one looked at now."""
    leads, next_ones = [], []
    rows = sorted(_places_of(connection, servers_), key=lambda row: row["server_id"])
    for server, group in groupby(rows, key=lambda row: int(row["server_id"])):
        places = list(group)
        with_tools = [row for row in places if row["outcome"] in (Outcome.COMPLETE, Outcome.PARTIAL)]
        seen = with_tools or [row for row in places if row["outcome"] not in (None, Outcome.SEVERAL)]
        lead = _first(seen)
        if lead is not None and lead != places[0]["lead"]:
            leads.append((lead, server))
        # A place that could not be reached is waited for: the repositories of a registry that is down need no look.
        following = min((row for row in places if row["usable"]), key=_order, default=None)
        if not with_tools and following is not None and _was_never_tried(following):
            next_ones.append((at, following["id"]))
    shown = update(servers).where(servers.c.id == bindparam("server")).values(package_id=bindparam("lead"))
    write_rows(connection, shown, ["lead", "server"], leads)
    due = update(packages).where(packages.c.id == bindparam("place")).values(due_at=bindparam("now"))
    write_rows(connection, due, ["now", "place"], next_ones)


def _places_of(connection: Connection, servers_: Collection[int]) -> list[RowMapping]:
    columns = (packages.c.id, packages.c.server_id, packages.c.rank, packages.c.usable, packages.c.due_at)
    query = (
        select(*columns, packages.c.failures, snapshots.c.outcome, servers.c.package_id.label("lead"))
        .join_from(packages, servers, servers.c.id == packages.c.server_id)
        .join(snapshots, snapshots.c.id == packages.c.snapshot_id, isouter=True)
        .where(packages.c.server_id.in_(servers_))
    )
    return list(connection.execute(query).mappings())


def _first(rows: Sequence[RowMapping]) -> int | None:
    """Give the place that is crawled: the first that has something for us, as far as is known."""
    return int(min(rows, key=_order)["id"]) if rows else None


def _was_never_tried(row: RowMapping) -> bool:
    return row["outcome"] is None and row["due_at"] is None and not row["failures"]


def _order(row: RowMapping) -> tuple[bool, int, int]:
    return not row["usable"], row["rank"], row["id"]
