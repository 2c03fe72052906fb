"""Reading the catalog: whole servers as records, and what it holds in numbers.

Writing belongs to the stages: crawler/store.py and classifier/run.py.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, func, select

from catalog.assessment_rows import read_assessment
from catalog.errors import UnknownServerError
from catalog.models import assessments, definitions, findings, issues, packages, servers, snapshots, tools
from catalog.records import CatalogServer, CatalogTool, Origin, ToolDefinition
from catalog.vocabulary import Outcome, Role

_CHUNK = 200  # servers whose tools are in memory at once


@dataclass(frozen=True, slots=True)
class CatalogStatus:
    """What the catalog holds, in numbers; `problems` are (target, stage, reason)."""

    servers: int
    tools: int
    unclassified: int
    by_registry: Mapping[str, int]
    by_outcome: Mapping[str, int]
    by_category: Mapping[str, int]
    by_risk: Mapping[str, int]
    problems: tuple[tuple[str, str, str], ...]
    newest_look: str | None


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
        ids = connection.execute(select(servers.c.id).order_by(servers.c.slug)).scalars().all()
        for start in range(0, len(ids), _CHUNK):
            yield from _read_servers(connection, ids[start : start + _CHUNK])


def find_server(engine: Engine, wanted: str) -> CatalogServer:
    """Find a server by slug, name, package name or target. Raises UnknownServerError, naming the nearest."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(servers.c.id, servers.c.slug, servers.c.name, packages.c.name, packages.c.target).join(
                packages, packages.c.server_id == servers.c.id
            )
        ).all()
        for column in range(1, 5):
            found = sorted({row[0] for row in rows if row[column] == wanted})
            if len(found) == 1:
                return next(_read_servers(connection, found))
            if found:
                slugs = ", ".join(sorted({row[1] for row in rows if row[0] in found}))
                raise UnknownServerError(f"{wanted}: several servers have that name; say which: {slugs}")
    known = sorted({str(row[column]) for row in rows for column in (1, 3)})
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5) or [
        name for name in known if wanted.lower() in name.lower()
    ]
    hint = f"; did you mean {', '.join(near[:3])}?" if near else "; `toolrisk status` shows what the catalog holds"
    raise UnknownServerError(f"{wanted}: no such server in the catalog{hint}")


def read_status(engine: Engine) -> CatalogStatus:
    """Count what the catalog holds."""
    current = tools.c.withdrawn_at.is_(None)
    judged = tools.join(assessments, _same_subject())
    with engine.connect() as connection:
        newest = select(func.max(snapshots.c.id)).group_by(snapshots.c.package_id)

        def count_by(column: Any, source: Any, *where: Any) -> dict[str, int]:
            query = select(column, func.count()).select_from(source).where(*where).group_by(column).order_by(column)
            return {str(value): number for value, number in connection.execute(query)}

        n_tools = connection.execute(select(func.count()).select_from(tools).where(current)).scalar_one()
        by_category = count_by(assessments.c.category, judged, current)
        problems = connection.execute(
            select(issues.c.target, issues.c.stage, issues.c.reason)
            .distinct()
            .order_by(issues.c.target, issues.c.stage, issues.c.reason)
        ).all()
        return CatalogStatus(
            servers=connection.execute(select(func.count()).select_from(servers)).scalar_one(),
            tools=n_tools,
            unclassified=n_tools - sum(by_category.values()),
            by_registry=count_by(packages.c.registry, packages),
            by_outcome=count_by(snapshots.c.outcome, snapshots, snapshots.c.id.in_(newest)),
            by_category=by_category,
            by_risk=count_by(assessments.c.risk, judged, current),
            problems=tuple((row[0], row[1], row[2]) for row in problems),
            newest_look=connection.execute(select(func.max(snapshots.c.looked_at))).scalar_one(),
        )


def _same_subject() -> Any:
    return and_(
        assessments.c.definition_digest == tools.c.definition_digest,
        assessments.c.server_id == tools.c.server_id,
    )


def _read_servers(connection: Connection, ids: Any) -> Iterator[CatalogServer]:
    server_rows = connection.execute(select(servers).where(servers.c.id.in_(ids)).order_by(servers.c.slug)).mappings()
    looks = {
        row["server_id"]: row
        for row in connection.execute(
            select(snapshots, packages.c.server_id, packages.c.registry, packages.c.target)
            .join(packages, packages.c.id == snapshots.c.package_id)
            .where(packages.c.server_id.in_(ids))
            .order_by(snapshots.c.id)
        ).mappings()
    }
    by_server = _read_tools(connection, ids)
    for row in server_rows:
        look = looks[row["id"]]
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
            tools=tuple(by_server.get(row["id"], ())),
            role=Role(look["role"]),
        )


def _read_tools(connection: Connection, ids: Any) -> dict[int, list[CatalogTool]]:
    found: dict[tuple[int, str], list[RowMapping]] = defaultdict(list)
    for row in connection.execute(
        select(findings).where(findings.c.server_id.in_(ids)).order_by(findings.c.id)
    ).mappings():
        found[row["server_id"], row["definition_digest"]].append(row)
    rows = connection.execute(
        select(tools, *[c for c in definitions.c if c.name not in ("name", "digest")], *_assessment_columns())
        .join(definitions, definitions.c.digest == tools.c.definition_digest)
        .join(assessments, _same_subject(), isouter=True)
        .where(tools.c.server_id.in_(ids), tools.c.withdrawn_at.is_(None))
        .order_by(tools.c.server_id, tools.c.name)
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
        last_seen=row["last_seen"],
    )
