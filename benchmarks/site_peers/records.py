"""A catalog of any size for the site's benchmark: real tools of a real catalog, drawn with a fixed seed, each renamed.

Not for measuring anything, and not a likeness of the ecosystem beyond the sizes of definitions and verdicts.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from catalog.assessment_rows import assessment_columns, finding_columns
from catalog.models import assessments, definitions, findings, packages, servers, snapshots, tools
from catalog.queries import iter_servers
from catalog.records import Assessment, CatalogServer, CatalogTool
from catalog.session import open_catalog

TOOLS_OF_A_SERVER = 10
SEED = 11
_SERVERS_TOGETHER = 200
_ALIKE = ("name", "title", "description", "repository", "homepage", "licence")


@dataclass(frozen=True, slots=True)
class Judged:
    """A real tool and its verdict."""

    tool: CatalogTool
    assessment: Assessment


def fill_catalog(real: Path, made: Path, count: int) -> None:
    """Make a catalog of `count` tools, ten a server, out of the assessed tools of a real one."""
    known = list(iter_servers(open_catalog(f"sqlite:///{real}", create=False)))
    judged = [Judged(tool, tool.assessment) for server in known for tool in server.tools if tool.assessment]
    engine = open_catalog(f"sqlite:///{made}")
    drawn = random.Random(SEED)  # noqa: S311 - a seed that is always the same is the point
    numbers = range(1, count // TOOLS_OF_A_SERVER + 1)
    for start in range(0, len(numbers), _SERVERS_TOGETHER):
        with engine.begin() as connection:
            _write_servers(connection, numbers[start : start + _SERVERS_TOGETHER], known, judged, drawn)


def change_catalog(made: Path, share: float) -> int:
    """Give one tool of every so many servers a longer description; return how many servers that were."""
    engine = open_catalog(f"sqlite:///{made}", create=False)
    step = round(1 / share)
    with engine.begin() as connection:
        first = select(tools.c.definition_digest).where(tools.c.name.like("%_0"), tools.c.package_id % step == 1)
        said = definitions.c.description.concat(" It was changed.")
        done = connection.execute(update(definitions).where(definitions.c.digest.in_(first)).values(description=said))
        return done.rowcount


def mean_sizes(engine: Engine) -> tuple[float, float]:
    """Give the mean length of a description in characters and of an input schema in bytes."""
    with engine.connect() as connection:
        said = connection.exec_driver_sql(
            "SELECT avg(length(coalesce(description, ''))), avg(length(cast(input_schema AS BLOB))) FROM definition"
        ).one()
    return float(said[0]), float(said[1])


def _write_servers(
    connection: Connection,
    numbers: Sequence[int],
    known: Sequence[CatalogServer],
    judged: Sequence[Judged],
    drawn: random.Random,
) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (servers, packages, snapshots, definitions, tools, assessments, findings)
    }
    for number in numbers:
        like = drawn.choice(known)
        rows[servers].append(_server_row(number, like))
        rows[packages].append(_package_row(number, like))
        rows[snapshots].append(_snapshot_row(number, like))
        for at in range(TOOLS_OF_A_SERVER):
            one = drawn.choice(judged)
            for table, row in _tool_rows(number, at, one):
                rows[table].append(row)
    for table, held in rows.items():
        if held:
            connection.execute(insert(table), held)


def _server_row(number: int, like: CatalogServer) -> dict[str, Any]:
    same = {name: getattr(like, name) for name in _ALIKE}
    return {**same, "id": number, "slug": f"{like.slug[:60]}-{number}", "package_id": number}


def _package_row(number: int, like: CatalogServer) -> dict[str, Any]:
    return {
        "id": number,
        "server_id": number,
        "registry": like.registry,
        "name": f"{like.name}-{number}",
        "target": like.target,
        "rank": 0,
        "usable": True,
        "checked_at": like.looked_at,
        "hours": 24.0,
        "failures": 0,
        "snapshot_id": number,
        "declares": [],
    }


def _snapshot_row(number: int, like: CatalogServer) -> dict[str, Any]:
    return {
        "id": number,
        "package_id": number,
        "version": like.version,
        "commit": like.commit,
        "digest": like.digest,
        "extractors": "1",
        "outcome": like.outcome,
        "role": like.role,
        "reasons": list(like.reasons),
        "looked_at": like.looked_at,
    }


def _tool_rows(number: int, at: int, one: Judged) -> Iterator[tuple[Any, dict[str, Any]]]:
    # What is added stands at the ends, so that the spans of quotes stay true.
    definition = replace(
        one.tool.definition,
        name=f"{one.tool.definition.name}_{number}_{at}",
        description=f"{one.tool.definition.description or ''} ({number})",
    )
    digest = definition.digest()
    yield (
        definitions,
        {
            "digest": digest,
            "name": definition.name,
            "title": definition.title,
            "description": definition.description,
            "input_schema": definition.input_schema,
            "output_schema": definition.output_schema,
            "annotations": definition.annotations,
        },
    )
    origin = definition.origin
    yield (
        tools,
        {
            "package_id": number,
            "name": definition.name,
            "slug": f"{one.tool.slug[:80]}-{number}-{at}",
            "definition_digest": digest,
            "path": origin.path if origin else None,
            "line": origin.line if origin else None,
            "pattern": origin.pattern if origin else None,
            "conditional": definition.conditional,
            "unresolved": list(definition.unresolved),
            "first_seen": one.tool.first_seen,
        },
    )
    subject = {"definition_digest": digest, "server_id": number}
    yield assessments, {**subject, "fingerprint": "drawn", **assessment_columns(one.assessment)}
    for finding in one.assessment.findings:
        yield findings, {**subject, **finding_columns(finding)}
