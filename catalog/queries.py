"""Reading the catalog: whole servers as records; what it holds in numbers is in status.py.

Writing belongs to the stages: crawler/store.py and classifier/run.py.
"""

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, and_, select, tuple_

from catalog.assessment_rows import read_assessment
from catalog.errors import UnknownServerError
from catalog.models import (
    assessments,
    definitions,
    findings,
    identities,
    listings,
    packages,
    servers,
    snapshots,
    tools,
)
from catalog.records import CatalogServer, CatalogTool, Origin, ToolDefinition
from catalog.vocabulary import Claim, Outcome, Role

_CHUNK = 200  # servers whose tools are in memory at once


def read_tool_definition(row: RowMapping) -> ToolDefinition:
    """Make a definition again from a row that joins `tool` and `definition`."""
    origin = Origin(row["path"], row["line"], row["pattern"]) if row["path"] is not None else None
    return ToolDefinition(
        name=row["name"],
        title=row["title"],
        description=row["description"],
        input_schema=row["input_schema"],
        output_schema=row["output_schema"],
        annotations=row["annotations"],
        origin=origin,
        conditional=row["conditional"],
        unresolved=tuple(row["unresolved"]),
    )


def iter_servers(engine: Engine) -> Iterator[CatalogServer]:
    """Stream all servers with their tools and assessments, in slug order."""
    with engine.connect() as connection:
        looked_at = select(servers.c.id).where(servers.c.package_id.is_not(None)).order_by(servers.c.slug)
        ids = connection.execute(looked_at).scalars().all()
        for start in range(0, len(ids), _CHUNK):
            yield from _read_servers(connection, ids[start : start + _CHUNK])


def read_servers(engine: Engine, slugs: Collection[str]) -> Iterator[CatalogServer]:
    """Stream the shown servers of these slugs, in slug order; a slug that no server has is left out."""
    wanted = sorted(slugs)
    with engine.connect() as connection:
        for start in range(0, len(wanted), _CHUNK):
            named = servers.c.slug.in_(wanted[start : start + _CHUNK])
            ids = connection.execute(select(servers.c.id).where(named, servers.c.package_id.is_not(None)))
            yield from _read_servers(connection, ids.scalars().all())


def find_server(engine: Engine, wanted: str) -> CatalogServer:
    """Find a server by slug, name, package name or target. Raises UnknownServerError, naming the nearest."""
    with engine.connect() as connection:
        shown = (
            select(servers.c.id, servers.c.slug, packages.c.name)
            .join(packages, packages.c.server_id == servers.c.id)
            .where(servers.c.package_id.is_not(None))
        )
        for column in (servers.c.slug, servers.c.name, packages.c.name, packages.c.target):
            found = {row[0]: row[1] for row in connection.execute(shown.where(column == wanted))}
            if len(found) == 1:
                return next(_read_servers(connection, list(found)))
            if found:
                slugs = ", ".join(sorted(found.values()))
                raise UnknownServerError(f"{wanted}: several servers have that name; say which: {slugs}")
        rows = connection.execute(shown).all()
    known = sorted({str(row[column]) for row in rows for column in (1, 2)})
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5) or [
        name for name in known if wanted.lower() in name.lower()
    ]
    hint = f"; did you mean {', '.join(near[:3])}?" if near else "; `toolrisk status` shows what the catalog holds"
    raise UnknownServerError(f"{wanted}: no such server in the catalog{hint}")


def find_servers(engine: Engine, keys: Collection[str]) -> dict[str, CatalogServer]:
    """Find many servers at once, each by a key: `registry:name` of a place, `oci:IMAGE`, or a remote's address.

    A key that no server is known by, or none that was looked at, is left out.
    """
    wanted = sorted(set(keys))
    with engine.connect() as connection:
        ids: dict[str, int] = {}
        for start in range(0, len(wanted), _CHUNK):
            ids |= _ids_of_keys(connection, wanted[start : start + _CHUNK])
        looked_at = select(servers.c.id).where(servers.c.package_id.is_not(None), servers.c.id.in_(set(ids.values())))
        rows = connection.execute(looked_at.order_by(servers.c.slug)).scalars().all()
        found = dict(zip(rows, _read_servers(connection, rows), strict=True))
    return {key: found[server] for key, server in ids.items() if server in found}


def same_subject() -> ColumnElement[bool]:
    """Join a shown tool and its server to the assessment of that tool as one of that server."""
    return and_(assessments.c.definition_digest == tools.c.definition_digest, assessments.c.server_id == servers.c.id)


def is_shown() -> ColumnElement[bool]:
    """Join a server to the tools that are its own: those of the place that speaks for it."""
    return and_(is_held(), tools.c.withdrawn_at.is_(None))


def is_held() -> ColumnElement[bool]:
    """Join a server to its own tools, those that it does not offer any more among them."""
    return tools.c.package_id == servers.c.package_id


def _ids_of_keys(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Say which server each key means: by what only a listing names, then by repository, then by place."""
    found: dict[str, int] = {}
    if beside := {key for key in keys if "://" in key or key.startswith("oci:")}:
        named = select(listings.c.server_id, listings.c.elsewhere).where(listings.c.withdrawn_at.is_(None))
        for server, elsewhere in connection.execute(named.order_by(listings.c.id)):
            found |= {key: server for one in elsewhere if (key := one.rstrip("/")) in beside}
    repositories = {f"repository:github.com/{key[7:]}": key for key in keys if key.startswith("github:")}
    known = select(identities.c.key, identities.c.server_id).where(identities.c.key.in_(repositories))
    found |= {repositories[key]: server for key, server in connection.execute(known)}
    places = [tuple(key.split(":", 1)) for key in keys if ":" in key]
    at_place = tuple_(packages.c.registry, packages.c.name).in_(places)
    held = select(packages.c.registry, packages.c.name, packages.c.server_id).where(at_place)
    return found | {f"{registry}:{name}": server for registry, name, server in connection.execute(held)}


def _read_servers(connection: Connection, ids: Any) -> Iterator[CatalogServer]:
    server_rows = connection.execute(select(servers).where(servers.c.id.in_(ids)).order_by(servers.c.slug)).mappings()
    place = (packages.c.server_id, packages.c.registry, packages.c.target, packages.c.checked_at, packages.c.claim)
    looks = {
        row["server_id"]: row
        for row in connection.execute(
            select(snapshots, *place)
            .join(packages, packages.c.snapshot_id == snapshots.c.id)
            .join(servers, servers.c.package_id == packages.c.id)
            .where(servers.c.id.in_(ids))
        ).mappings()
    }
    listed = _read_listings(connection, ids)
    by_server = _read_tools(connection, ids)
    for row in server_rows:
        look, held = looks[row["id"]], by_server.get(row["id"], ())
        yield CatalogServer(
            slug=row["slug"],
            name=row["name"],
            title=row["title"],
            description=row["description"],
            version=look["version"],
            registry=look["registry"],
            target=look["target"],
            repository=row["repository"],
            homepage=row["homepage"],
            licence=row["licence"],
            commit=look["commit"],
            digest=look["digest"],
            looked_at=look["looked_at"],
            outcome=Outcome(look["outcome"]),
            reasons=tuple(look["reasons"]),
            tools=tuple(tool for tool in held if tool.withdrawn_at is None),
            role=Role(look["role"]),
            checked_at=look["checked_at"],
            claim=Claim(look["claim"]) if look["claim"] else None,
            listed_by=listed.get(row["id"], ()),
            withdrawn=tuple(tool for tool in held if tool.withdrawn_at is not None),
        )


def _read_listings(connection: Connection, ids: Any) -> dict[int, tuple[str, ...]]:
    query = select(listings.c.server_id, listings.c.source).where(
        listings.c.server_id.in_(ids), listings.c.withdrawn_at.is_(None)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for server, source in connection.execute(query):
        found[server].add(source)
    return {server: tuple(sorted(names)) for server, names in found.items()}


def _read_tools(connection: Connection, ids: Any) -> dict[int, list[CatalogTool]]:
    found: dict[tuple[int, str], list[RowMapping]] = defaultdict(list)
    for row in connection.execute(
        select(findings).where(findings.c.server_id.in_(ids)).order_by(findings.c.id)
    ).mappings():
        found[row["server_id"], row["definition_digest"]].append(row)
    rows = connection.execute(
        select(
            tools,
            servers.c.id.label("server_id"),
            *[c for c in definitions.c if c.name not in ("name", "digest")],
            *_assessment_columns(),
        )
        .join_from(servers, tools, is_held())
        .join(definitions, definitions.c.digest == tools.c.definition_digest)
        .join(assessments, same_subject(), isouter=True)
        .where(servers.c.id.in_(ids))
        .order_by(servers.c.id, tools.c.name)
    ).mappings()
    return {
        server_id: [_catalog_tool(row, found) for row in group]
        for server_id, group in groupby(rows, key=lambda row: int(row["server_id"]))
    }


def _assessment_columns() -> list[Any]:
    return [column for column in assessments.c if column.name not in ("definition_digest", "server_id")]


def _catalog_tool(row: RowMapping, found: Mapping[tuple[int, str], list[RowMapping]]) -> CatalogTool:
    subject = (row["server_id"], row["definition_digest"])
    return CatalogTool(
        slug=row["slug"],
        definition=read_tool_definition(row),
        assessment=read_assessment(row, found.get(subject, [])) if row["category"] is not None else None,
        first_seen=row["first_seen"],
        withdrawn_at=row["withdrawn_at"],
    )
