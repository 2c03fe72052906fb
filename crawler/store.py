"""Writing what the crawl found into the catalog: many looks in one transaction, by the parent process only.

Written twice, the same finding changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, null, select, update

from catalog.bulk import add_rows, write_rows
from catalog.dialects import dump_json
from catalog.models import issues, packages, servers, snapshots
from catalog.records import Extraction
from catalog.vocabulary import Outcome
from crawler.claims import settle_claims, settle_declared
from crawler.errors import LASTING, CrawlError
from crawler.fetched import Fetched
from crawler.identity import new_server, remember, server_of
from crawler.places import place_rank, settle_places
from crawler.recovery.recover import Recovered, server_name, split
from crawler.repository import parse_repository, repository_of
from crawler.schedule import FIRST_HOURS, due_after_failure, due_after_look
from crawler.store_tools import Before, Reading, store_readings
from crawler.target import Target, TargetKind

_MAX_ISSUES = 200
_SEVERAL = Extraction((), Outcome.SEVERAL)
_SNAPSHOT = (
    *("package_id", "version", "commit", "digest", "archive_digest", "extractors"),
    *("outcome", "role", "reasons", "looked_at"),
)
_ISSUE = ("target", "stage", "path", "cause", "reason", "at")

Known = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A place to look at, with what its last look left: `known` is that look's snapshot, None before the first."""

    id: int
    target: Target
    hours: float
    failures: int
    known: Known | None


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at a place: what was recovered, None when nothing had changed; or what went wrong.

    `extractors` is the state of the extraction code that read it.
    """

    place: Place
    fetched: Fetched | None = None
    recovered: Recovered | None = None
    error: CrawlError | None = None
    extractors: str = ""


def store_looks(connection: Connection, looks: Sequence[Look], now: datetime) -> None:
    """Write looks with everything that follows from them: tools, issues, the next look, whose tools a server shows."""
    at = now.isoformat(timespec="seconds")
    last = _last_looks(connection, [look.place.id for look in looks if look.recovered is not None])
    found = (
        reading
        for look in looks
        if look.fetched is not None and look.recovered is not None
        for reading in _readings(connection, look, look.fetched, look.recovered, last)
    )
    # A folder of a repository may be listed by itself as well, and be read twice at once.
    readings = list({reading.package: reading for reading in found}.values())
    _write_snapshots(connection, readings, at)
    store_readings(connection, readings, at)
    _store_issues(connection, looks, at)
    _store_schedule(connection, looks, now)
    _settle_claims(connection, readings)
    touched = {look.place.id for look in looks} | {reading.package for reading in readings}
    servers_of = select(packages.c.id, packages.c.server_id).where(packages.c.id.in_(touched))
    server_of_place = {row[0]: row[1] for row in connection.execute(servers_of)}
    settle_places(connection, set(server_of_place.values()), at)
    _describe_servers(connection, readings, server_of_place)


def _last_looks(connection: Connection, places: Sequence[int]) -> dict[int, Known]:
    """Give the last look at places as it stands now: a repository may have been read since with all its folders."""
    query = select(snapshots).join_from(packages, snapshots, snapshots.c.id == packages.c.snapshot_id)
    rows = connection.execute(query.where(packages.c.id.in_(places))).mappings()
    return {row["package_id"]: dict(row) for row in rows}


def _readings(
    connection: Connection, look: Look, fetched: Fetched, recovered: Recovered, last: Mapping[int, Known]
) -> Iterator[Reading]:
    """Give what a place was read to hold, and each server of a repository that holds several."""
    before = _before(last.get(look.place.id), look, fetched)
    if not recovered.parts:
        yield Reading(look.place.id, fetched, recovered, look.extractors, before)
        return
    yield Reading(look.place.id, fetched, replace(recovered, extraction=_SEVERAL), look.extractors, before)
    for part_fetched, part in split(fetched, recovered):
        package, known = _part_place(connection, part_fetched.target)
        yield Reading(package, part_fetched, part, look.extractors, _before(known, look, fetched))


def _before(known: Known | None, look: Look, fetched: Fetched) -> Before | None:
    if known is None:
        return None
    same = fetched.digest is not None and known["archive_digest"] == fetched.digest
    return Before(known["version"], same=same, reread=known["extractors"] not in ("", look.extractors))


def _write_snapshots(connection: Connection, readings: Sequence[Reading], at: str) -> None:
    rows = []
    for reading in readings:
        fetched, recovered = reading.fetched, reading.recovered
        extraction = recovered.extraction
        files = (fetched.commit, recovered.digest, fetched.digest, reading.extractors)
        found = (extraction.outcome, extraction.role, dump_json(extraction.reasons))
        rows.append((reading.package, fetched.version or recovered.manifest.version, *files, *found, at))
    add_rows(connection, snapshots, _SNAPSHOT, rows)
    newest = select(func.max(snapshots.c.id)).where(snapshots.c.package_id == packages.c.id).scalar_subquery()
    read = packages.c.id.in_({reading.package for reading in readings})
    connection.execute(update(packages).where(read).values(snapshot_id=newest, checked_at=at))


def _part_place(connection: Connection, target: Target) -> tuple[int, Known | None]:
    """Find or make the place of one server of a repository; give its id and its last look."""
    where = (packages.c.registry == target.kind, packages.c.name == target.key)
    known = connection.execute(select(packages.c.id, packages.c.snapshot_id).where(*where)).first()
    if known is not None:
        last = connection.execute(select(snapshots).where(snapshots.c.id == known[1])).mappings().first()
        return int(known[0]), dict(last) if last else None
    repository = repository_of(target)
    key = f"repository:{repository.place}" if repository else None
    server = server_of(connection, key)
    if server is None:
        server = new_server(connection, target.identity)
        if key is not None:
            remember(connection, (key,), server)
    place = {"registry": target.kind, "name": target.key, "target": str(target), "rank": place_rank(target, 0)}
    added = insert(packages).values(server_id=server, usable=True, hours=FIRST_HOURS, failures=0, declares=[], **place)
    return int(connection.execute(added.returning(packages.c.id)).scalar_one()), None


def _store_issues(connection: Connection, looks: Sequence[Look], at: str) -> None:
    """Replace what is known to be wrong with targets; what only fetching can tell stays where nothing was fetched."""
    gone: list[tuple[object, ...]] = []
    rows: list[tuple[object, ...]] = []
    for look in looks:
        target = str(look.place.target)
        gone.append((target, "fetch"))
        if look.error is not None:
            rows.append((target, "fetch", None, look.error.cause, _storable(look.error.reason), at))
        if look.recovered is None:
            continue
        gone.append((target, "extract"))
        found = look.recovered.extraction.issues
        rows += [(target, "extract", one.path or None, None, one.reason, at) for one in found[:_MAX_ISSUES]]
        if len(found) > _MAX_ISSUES:
            more = f"and {len(found) - _MAX_ISSUES} more issues with this target"
            rows.append((target, "extract", None, None, more, at))
    old = delete(issues).where(issues.c.target == bindparam("of"), issues.c.stage == bindparam("at_stage"))
    write_rows(connection, old, ["of", "at_stage"], gone)
    add_rows(connection, issues, _ISSUE, rows)


def _store_schedule(connection: Connection, looks: Sequence[Look], now: datetime) -> None:
    rows = []
    for look in looks:
        place = look.place
        if look.error is None:
            unfinished = look.recovered is not None and look.recovered.unfinished
            due = due_after_look(place.target, place.hours, changed=_changed(look), unfinished=unfinished, now=now)
            usable = look.recovered is None or look.recovered.extraction.outcome is not Outcome.NO_TOOLS
            rows.append((due.at, due.hours, 0, usable, place.id))
        else:
            failures = place.failures + 1
            due = due_after_failure(place.target, place.hours, look.error, failures, now)
            usable = look.error.cause not in LASTING
            rows.append((due.at, due.hours, failures, usable, place.id))
    columns = ("due_at", "hours", "failures", "usable", "checked_at")
    values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns}
    statement = update(packages).where(packages.c.id == bindparam("place")).values(leased_until=null(), **values)
    at = now.isoformat(timespec="seconds")
    names = [f"new_{column}" for column in columns]
    write_rows(connection, statement, [*names, "place"], [(*row[:4], at, row[4]) for row in rows])


def _changed(look: Look) -> bool:
    known = look.place.known
    return look.recovered is not None and known is not None and known["digest"] != look.recovered.digest


def _settle_claims(connection: Connection, readings: Sequence[Reading]) -> None:
    claimed = {}
    for reading in readings:
        target = reading.fetched.target
        repository = repository_of(target)
        if repository is not None:
            settle_declared(connection, reading.package, repository, reading.recovered.declares)
        elif target.kind in (TargetKind.NPM, TargetKind.PYPI):
            claimed[reading.package] = parse_repository(reading.recovered.manifest.repository)
    settle_claims(connection, claimed)


def _describe_servers(connection: Connection, readings: Sequence[Reading], server_of_place: Mapping[int, int]) -> None:
    """Bring servers' own words up to date, where it is this place whose tools they show; silence changes nothing."""
    rows = []
    for reading in readings:
        target, manifest = reading.fetched.target, reading.recovered.manifest
        repository = repository_of(target)
        address = manifest.repository or (repository.address if repository else None)
        said = (manifest.title, manifest.description, address, manifest.homepage, manifest.licence)
        rows.append((server_name(target, manifest), *said, server_of_place[reading.package], reading.package))
    about = ("title", "description", "repository", "homepage", "licence")
    said_or_kept: dict[str, Any] = {
        column: func.coalesce(bindparam(f"new_{column}"), servers.c[column]) for column in about
    }
    statement = update(servers).where(servers.c.id == bindparam("server"), servers.c.package_id == bindparam("place"))
    names = ["new_name", *(f"new_{column}" for column in about), "server", "place"]
    write_rows(connection, statement.values(name=bindparam("new_name"), **said_or_kept), names, rows)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:2_000]
