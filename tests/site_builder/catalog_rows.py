"""Made-up servers as rows of a real catalog. Not for large ones: benchmarks fill those."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, insert, select

from catalog.assessment_rows import assessment_columns, finding_columns
from catalog.models import (
    assessments,
    changes,
    definitions,
    findings,
    listings,
    packages,
    servers,
    snapshots,
    sources,
    tools,
)
from catalog.records import CatalogServer, CatalogTool, ToolDefinition
from catalog.session import open_catalog
from catalog.vocabulary import ChangeKind, Claim
from tests.site_builder.catalog_factory import make_mail_server, make_shop, make_silent_servers
from tests.site_builder.record_factory import LOOKED_AT

CHANGED_AT = "2026-11-17T08:00:00+00:00"


def fill_small(folder: Path) -> tuple[Engine, str]:
    """Make a catalog of four servers; a tool of the mail server changed, and it is listed, checked and claimed."""
    url = f"sqlite:///{folder / 'catalog.db'}"
    engine = open_catalog(url)
    mail = replace(make_mail_server(), listed_by=("a-list", "b-list"), claim=Claim.VERIFIED, checked_at=LOOKED_AT)
    fill(engine, (mail, make_shop(), *make_silent_servers()))
    with engine.begin() as connection:
        query = select(tools.c.id, tools.c.definition_digest).where(tools.c.slug == "send_mail")
        tool, now = connection.execute(query).one()
        earlier = ToolDefinition("send_mail", description="Send a mail.")
        connection.execute(insert(definitions), [_definition_row(earlier.digest(), earlier)])
        told = {"tool_id": tool, "kind": ChangeKind.CHANGED, "before": earlier.digest(), "after": now}
        connection.execute(insert(changes), [{**told, "at": CHANGED_AT, "version_before": "1.4.1", "version": "1.4.2"}])
    return engine, url


def fill(engine: Engine, held: Sequence[CatalogServer]) -> None:
    """Write servers into an empty catalog, each with one place."""
    with engine.begin() as connection:
        for name in sorted({source for server in held for source in server.listed_by}):
            connection.execute(insert(sources), [{"name": name, "state": {}}])
        for number, server in enumerate(held, 1):
            for table, row in _server_rows(number, server):
                connection.execute(insert(table), [row])


def _server_rows(number: int, server: CatalogServer) -> Iterator[tuple[Table, dict[str, Any]]]:
    names = ("slug", "name", "title", "description", "repository", "homepage", "licence")
    yield servers, {**{name: getattr(server, name) for name in names}, "id": number, "package_id": number}
    place = {"id": number, "server_id": number, "name": server.slug, "snapshot_id": number, "declares": []}
    known = {"registry": server.registry, "target": server.target, "checked_at": server.checked_at}
    constant = {"rank": 0, "usable": True, "hours": 24.0, "failures": 0}
    yield packages, {**place, **known, **constant, "claim": server.claim}
    look = ("version", "commit", "digest", "outcome", "role", "looked_at")
    told = {**{name: getattr(server, name) for name in look}, "reasons": list(server.reasons)}
    yield snapshots, {**told, "id": number, "package_id": number, "extractors": "1"}
    for source in server.listed_by:
        listed = {"source": source, "key": server.slug, "server_id": number, "digest": "", "places": []}
        yield listings, {**listed, "elsewhere": [], "vouched": False, "walk": 1, "first_seen": LOOKED_AT}
    for tool in server.tools:
        yield from _tool_rows(number, tool)


def _tool_rows(number: int, tool: CatalogTool) -> Iterator[tuple[Table, dict[str, Any]]]:
    definition, origin = tool.definition, tool.definition.origin
    digest = definition.digest()
    yield definitions, _definition_row(digest, definition)
    own = {"package_id": number, "name": definition.name, "slug": tool.slug, "definition_digest": digest}
    place = {"path": origin.path, "line": origin.line, "pattern": origin.pattern} if origin else {}
    rest = {"conditional": definition.conditional, "unresolved": list(definition.unresolved)}
    yield tools, {**own, **place, **rest, "first_seen": tool.first_seen}
    if tool.assessment:
        subject = {"definition_digest": digest, "server_id": number}
        yield assessments, {**subject, "fingerprint": "made up", **assessment_columns(tool.assessment)}
        for finding in tool.assessment.findings:
            yield findings, {**subject, **finding_columns(finding)}


def _definition_row(digest: str, definition: ToolDefinition) -> dict[str, Any]:
    names = ("name", "title", "description", "input_schema", "output_schema", "annotations")
    return {"digest": digest, **{name: getattr(definition, name) for name in names}}
