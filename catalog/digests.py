"""What all shown servers are made of, as digests of the cheap columns: whoever keeps them sees what changed.

No definition and no assessment is read for it: their own digests stand for them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, String, cast, func, select

from catalog.models import assessments, changes, listings, packages, servers, snapshots, tools
from catalog.queries import is_held, same_subject

_DAY = len("2026-11-18")
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ServerDigest:
    """A server's digests: `tools` of what its tools' pages show, `page` of that and of what its own page adds.

    What its own page adds are the day of the last check, the claim, the sources that list it, and the `changes` that
    were noticed, which are counted.
    """

    slug: str
    tools: str
    page: str
    tool_count: int
    changes: int


def iter_server_digests(engine: Engine) -> Iterator[ServerDigest]:
    """Stream the digests of all shown servers, in slug order."""
    with engine.connect() as connection:
        listed, changed = _read_sources(connection), _count_changes(connection)
        by_server = groupby(_tool_rows(connection), key=lambda row: row[0])
        following = next(by_server, None)
        for row in _server_rows(connection):
            (key, slug, checked_at, claim), shown = row[:4], row[4:]
            tools_made = hashlib.blake2b(repr(shown).encode(), digest_size=16)
            count = 0
            if following and following[0] == key:
                for tool in following[1]:
                    tools_made.update(repr(tool).encode())
                    count += tool[-1] is None  # withdrawn ones have pages, and are not counted
                following = next(by_server, None)
            noticed = changed.get(key, (0, 0))
            beside = (checked_at and checked_at[:_DAY], claim, listed.get(key), noticed)
            own = hashlib.blake2b(tools_made.digest() + repr(beside).encode(), digest_size=16)
            yield ServerDigest(slug, tools_made.hexdigest(), own.hexdigest(), count, noticed[0])


def _server_rows(connection: Connection) -> Iterator[tuple[Any, ...]]:
    own = (servers.c.name, servers.c.title, servers.c.description, servers.c.repository, servers.c.homepage)
    look = (snapshots.c.version, snapshots.c.commit, snapshots.c.digest, snapshots.c.outcome, snapshots.c.role)
    query = (
        select(
            *(servers.c.id, servers.c.slug, packages.c.checked_at, packages.c.claim, *own, servers.c.licence),
            *(packages.c.registry, packages.c.target, *look, cast(snapshots.c.reasons, String), snapshots.c.looked_at),
        )
        .join(packages, packages.c.id == servers.c.package_id)
        .join(snapshots, snapshots.c.id == packages.c.snapshot_id)
        .order_by(servers.c.slug)
    )
    return _stream(connection, query)


def _tool_rows(connection: Connection) -> Iterator[tuple[Any, ...]]:
    own = (tools.c.slug, tools.c.name, tools.c.definition_digest, tools.c.path, tools.c.line, tools.c.pattern)
    judged = (assessments.c.fingerprint, assessments.c.category, assessments.c.risk, assessments.c.confidence)
    query = (
        select(
            *(servers.c.id, *own, tools.c.conditional, cast(tools.c.unresolved, String), tools.c.first_seen),
            *(*judged, assessments.c.needs_review, cast(assessments.c.override, String), tools.c.withdrawn_at),
        )
        .join_from(servers, tools, is_held())
        .join(assessments, same_subject(), isouter=True)
        .order_by(servers.c.slug, tools.c.name)
    )
    return _stream(connection, query)


def _stream(connection: Connection, query: Any) -> Iterator[tuple[Any, ...]]:
    for part in connection.execution_options(yield_per=_AT_ONCE).execute(query).partitions():
        yield from map(tuple, part)


def _read_sources(connection: Connection) -> dict[int, str]:
    query = select(listings.c.server_id, listings.c.source).where(listings.c.withdrawn_at.is_(None)).distinct()
    found: dict[int, list[str]] = defaultdict(list)
    for server, source in connection.execute(query.order_by(listings.c.server_id, listings.c.source)):
        found[server].append(source)
    return {server: " ".join(names) for server, names in found.items()}


def _count_changes(connection: Connection) -> dict[int, tuple[int, int]]:
    query = (
        select(packages.c.server_id, func.count(changes.c.id), func.max(changes.c.id))
        .join_from(changes, tools, tools.c.id == changes.c.tool_id)
        .join(packages, packages.c.id == tools.c.package_id)
        .group_by(packages.c.server_id)
    )
    return {server: (count, newest) for server, count, newest in connection.execute(query)}
