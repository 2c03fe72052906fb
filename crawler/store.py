"""Writing what the crawl found into the catalog: one target, one transaction, by the parent process only.

Written twice, the same finding changes nothing.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from catalog.errors import CatalogError
from catalog.models import definitions, issues, packages, servers, snapshots, tools
from catalog.records import FileIssue, ToolDefinition
from catalog.slug import unique_slug
from crawler.fetched import Fetched
from crawler.manifest import Manifest
from crawler.recovery import Recovered, server_name
from crawler.target import Target, TargetKind

_MAX_ISSUES = 200


@dataclass(frozen=True, slots=True)
class KnownSnapshot:
    """What the catalog holds of a target's last look."""

    version: str | None
    digest: str
    archive_digest: str | None
    extractors: str


def find_known_snapshot(connection: Connection, target: Target) -> KnownSnapshot | None:
    """Find the last look at a target, whatever version it then had."""
    row = (
        connection.execute(
            select(snapshots)
            .join(packages, packages.c.id == snapshots.c.package_id)
            .where(packages.c.registry == target.kind)
            # Of a repository with several servers each stands under its folder, and all were looked at together.
            .where(
                (packages.c.name == target.identity) | packages.c.name.startswith(f"{target.name}#", autoescape=True)
            )
            .where((packages.c.name == target.identity) | (target.subfolder is None))
            .order_by(packages.c.name != target.identity, snapshots.c.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    return KnownSnapshot(row["version"], row["digest"], row["archive_digest"], row["extractors"])


def store_recovered(
    connection: Connection, fetched: Fetched, recovered: Recovered, *, extractors: str, now: str
) -> None:
    """Write a target's server, snapshot, tools and issues. `now` is ISO 8601 in UTC."""
    target, manifest = fetched.target, recovered.manifest
    package_id, server_id = _place(connection, target, manifest)
    snapshot = insert(snapshots).values(
        package_id=package_id,
        version=fetched.version or manifest.version,
        commit=fetched.commit,
        digest=recovered.digest,
        archive_digest=fetched.digest,
        extractors=extractors,
        outcome=recovered.extraction.outcome,
        role=recovered.extraction.role,
        reasons=list(recovered.extraction.reasons),
        looked_at=now,
    )
    connection.execute(snapshot)
    _store_definitions(connection, recovered.extraction.definitions)
    _store_tools(connection, server_id, recovered.extraction.definitions, now)
    store_issues(connection, target, recovered.extraction.issues, stage="extract", now=now)
    store_issues(connection, target, (), stage="fetch", now=now)


def store_issues(connection: Connection, target: Target, found: tuple[FileIssue, ...], *, stage: str, now: str) -> None:
    """Replace what is known to be wrong with a target at a stage, `fetch` or `extract`."""
    connection.execute(delete(issues).where(issues.c.target == str(target), issues.c.stage == stage))
    rows = [
        {
            "target": str(target),
            "stage": stage,
            "path": issue.path or None,
            "reason": issue.reason,
            "at": now,
        }
        for issue in found[:_MAX_ISSUES]
    ]
    if len(found) > _MAX_ISSUES:
        more = f"and {len(found) - _MAX_ISSUES} more issues with this target"
        rows.append({"target": str(target), "stage": stage, "path": None, "reason": more, "at": now})
    if rows:
        connection.execute(insert(issues), rows)


def _place(connection: Connection, target: Target, manifest: Manifest) -> tuple[int, int]:
    """Find or make the rows of the target's package and server, brought up to date; give their ids."""
    about = {
        "name": server_name(target, manifest),
        "title": manifest.title,
        "description": manifest.description,
        "repository": manifest.repository or _own_address(target),
        "homepage": manifest.homepage,
        "licence": manifest.licence,
    }
    known = connection.execute(
        select(packages.c.id, packages.c.server_id).where(
            packages.c.registry == target.kind, packages.c.name == target.identity
        )
    ).first()
    if known is not None:
        connection.execute(update(packages).where(packages.c.id == known[0]).values(target=str(target)))
        connection.execute(update(servers).where(servers.c.id == known[1]).values(**about))
        return int(known[0]), int(known[1])
    slug = unique_slug(about["name"] or target.identity, _TakenSlugs(connection))
    server_id = _inserted_id(connection, insert(servers).values(slug=slug, **about))
    package = insert(packages).values(
        server_id=server_id, registry=target.kind, name=target.identity, target=str(target)
    )
    return _inserted_id(connection, package), server_id


def _inserted_id(connection: Connection, statement: Insert) -> int:
    key = connection.execute(statement).inserted_primary_key
    if key is None:
        raise CatalogError("the database gave a new row no id")
    return int(key[0])


def _own_address(target: Target) -> str | None:
    return f"https://github.com/{target.name}" if target.kind is TargetKind.GITHUB else None


class _TakenSlugs:
    """The slugs of all servers, asked one at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __contains__(self, slug: object) -> bool:
        return self._connection.execute(select(servers.c.id).where(servers.c.slug == slug)).first() is not None


def _store_definitions(connection: Connection, found: tuple[ToolDefinition, ...]) -> None:
    rows = [
        {
            "digest": definition.digest(),
            "name": definition.name,
            "title": definition.title,
            "description": definition.description,
            "input_schema": definition.input_schema,
            "output_schema": definition.output_schema,
            "annotations": definition.annotations,
        }
        for definition in found
    ]
    if rows:
        connection.execute(upsert(definitions).on_conflict_do_nothing(), rows)


def _store_tools(connection: Connection, server_id: int, found: tuple[ToolDefinition, ...], now: str) -> None:
    known = {
        row["name"]: row for row in connection.execute(select(tools).where(tools.c.server_id == server_id)).mappings()
    }
    slugs = {row["slug"] for row in known.values()}
    new, changed = [], []
    for definition in found:
        row = {**_tool_columns(definition), "last_seen": now, "withdrawn_at": None}
        if definition.name in known:
            changed.append({**row, "tool_id": known[definition.name]["id"]})
            continue
        slug = unique_slug(definition.name, slugs)
        slugs.add(slug)
        new.append({**row, "server_id": server_id, "name": definition.name, "slug": slug, "first_seen": now})
    gone = [row["id"] for name, row in known.items() if name not in {definition.name for definition in found}]
    if new:
        connection.execute(insert(tools), new)
    if changed:
        connection.execute(_update_tool(list(changed[0])), changed)
    for tool_id in gone:
        withdraw = update(tools).where(tools.c.id == tool_id, tools.c.withdrawn_at.is_(None))
        connection.execute(withdraw.values(withdrawn_at=now))


def _tool_columns(definition: ToolDefinition) -> dict[str, Any]:
    origin = definition.origin
    return {
        "definition_digest": definition.digest(),
        "path": origin.path if origin else None,
        "line": origin.line if origin else None,
        "pattern": origin.pattern if origin else None,
        "conditional": definition.conditional,
        "unresolved": list(definition.unresolved),
    }


def _update_tool(columns: list[str]) -> Any:
    values: dict[str, Any] = {column: bindparam(column) for column in columns if column != "tool_id"}
    return update(tools).where(tools.c.id == bindparam("tool_id")).values(**values)
