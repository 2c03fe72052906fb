"""What the catalog holds, in numbers: tools and verdicts, coverage and age by source, the queue, what fails and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, case, func, select

from catalog.models import assessments, issues, listings, packages, servers, snapshots, sources, tools
from catalog.queries import is_shown, same_subject

_MAX_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source: servers it lists, those of them that were looked at, those withdrawn, and its last visit."""

    name: str
    listed: int
    looked_at: int
    withdrawn: int
    visited_at: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """Places to look at: all, due now, failing at present; when the next is due, and the oldest and newest check."""

    places: int
    due: int
    failing: int
    next_due: str | None
    oldest_check: str | None
    newest_check: str | None


@dataclass(frozen=True, slots=True)
class CatalogStatus:
    """What the catalog holds, in numbers; `problems` are (target, stage, reason), `causes` count failed fetches."""

    servers: int
    listed: int
    tools: int
    unclassified: int
    by_registry: Mapping[str, int]
    by_outcome: Mapping[str, int]
    by_category: Mapping[str, int]
    by_risk: Mapping[str, int]
    by_claim: Mapping[str, int]
    causes: Mapping[str, int]
    problems: tuple[tuple[str, str, str], ...]
    newest_look: str | None
    sources: tuple[SourceStatus, ...]
    queue: QueueStatus


def read_status(engine: Engine, now: str) -> CatalogStatus:
    """Count what the catalog holds; `now`, in ISO 8601 and UTC, says what is due."""
    looked_at = servers.c.package_id.is_not(None)
    leads = packages.join(servers, servers.c.package_id == packages.c.id)
    with engine.connect() as connection:

        def count(source: Any, *where: ColumnElement[bool]) -> int:
            return connection.execute(select(func.count()).select_from(source).where(*where)).scalar_one()

        def count_by(column: Any, source: Any, *where: ColumnElement[bool]) -> dict[str, int]:
            query = select(column, func.count()).select_from(source).where(*where).group_by(column).order_by(column)
            return {str(value): number for value, number in connection.execute(query)}

        verdicts = _count_verdicts(connection)
        snapshot_of = snapshots.join(packages, packages.c.snapshot_id == snapshots.c.id)
        return CatalogStatus(
            servers=count(servers, looked_at),
            listed=count(servers),
            tools=sum(verdicts.values()),
            unclassified=verdicts[None, None],
            by_registry=count_by(packages.c.registry, leads),
            by_outcome=count_by(snapshots.c.outcome, snapshot_of),
            by_category=_sum_by(verdicts, 0),
            by_risk=_sum_by(verdicts, 1),
            by_claim=count_by(packages.c.claim, packages, packages.c.claim.is_not(None)),
            causes=count_by(issues.c.cause, issues, issues.c.cause.is_not(None)),
            problems=_read_problems(connection),
            newest_look=connection.execute(select(func.max(snapshots.c.looked_at))).scalar_one(),
            sources=_read_sources(connection),
            queue=_read_queue(connection, now),
        )


def _count_verdicts(connection: Connection) -> Counter[tuple[str | None, str | None]]:
    """Count the shown tools by category and risk, both None where there is no verdict."""
    verdict = (assessments.c.category, assessments.c.risk)
    query = (
        select(*verdict, func.count())
        .select_from(servers.join(tools, is_shown()).join(assessments, same_subject(), isouter=True))
        .with_hint(assessments, "INDEXED BY ix_assessment_counted", "sqlite")
        .group_by(*verdict)
    )
    return Counter({(category, risk): number for category, risk, number in connection.execute(query)})


def _sum_by(verdicts: Mapping[tuple[str | None, str | None], int], part: int) -> dict[str, int]:
    summed: Counter[str] = Counter()
    for verdict, number in verdicts.items():
        if (word := verdict[part]) is not None:
            summed[word] += number
    return dict(sorted(summed.items()))


def _read_problems(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    columns = (issues.c.target, issues.c.stage, issues.c.reason)
    rows = connection.execute(select(*columns).distinct().order_by(*columns).limit(_MAX_PROBLEMS)).all()
    return tuple((row[0], row[1], row[2]) for row in rows)


def _read_sources(connection: Connection) -> tuple[SourceStatus, ...]:
    there = listings.c.withdrawn_at.is_(None)
    query = (
        select(
            *(sources.c.name, sources.c.visited_at, sources.c.problem),
            func.count(case((there, 1))).label("listed"),
            func.count(case((there & servers.c.package_id.is_not(None), 1))).label("looked_at"),
            func.count(listings.c.withdrawn_at).label("withdrawn"),
        )
        .join_from(sources, listings, listings.c.source == sources.c.name, isouter=True)
        .join(servers, servers.c.id == listings.c.server_id, isouter=True)
        .group_by(sources.c.name)
        .order_by(sources.c.name)
    )
    return tuple(SourceStatus(**row) for row in connection.execute(query).mappings())


def _read_queue(connection: Connection, now: str) -> QueueStatus:
    row = connection.execute(
        select(
            func.count().label("places"),
            func.count(case((packages.c.due_at <= now, 1))).label("due"),
            func.count(case((packages.c.failures > 0, 1))).label("failing"),
            func.min(packages.c.due_at).label("next_due"),
            func.min(packages.c.checked_at).label("oldest_check"),
            func.max(packages.c.checked_at).label("newest_check"),
        )
    ).mappings()
    return QueueStatus(**row.one())
