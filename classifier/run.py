"""The classify stage: servers whose tools' assessments are missing or outdated are assessed and stored.

A server is judged as a whole, because its tools are read beside each other.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, delete, select, tuple_

from catalog.assessment_rows import assessment_columns, finding_columns
from catalog.bulk import add_mappings
from catalog.dialects import writing
from catalog.models import assessments, definitions, findings, servers, tools
from catalog.queries import is_shown, read_tool_definition, same_subject
from catalog.records import Assessment, Override, ServerContext, ToolDefinition
from catalog.report import StageReport
from catalog.session import reported_errors
from classifier.assess import assess_tools
from classifier.model import fingerprint
from classifier.siblings import server_context

BATCH = 500  # tools assessed and stored in one transaction
_NO_OVERRIDES: Mapping[tuple[str, str], Override] = {}


@dataclass(frozen=True, slots=True)
class _Server:
    """A server with something to assess: what its assessments will be marked with, and how many they are."""

    id: int
    fingerprint: str
    tools: int


@dataclass(frozen=True, slots=True)
class _Subject:
    """One tool to assess."""

    digest: str
    server: _Server
    definition: ToolDefinition
    context: ServerContext
    override: Override | None


def classify(
    engine: Engine,
    *,
    everything: bool = False,
    overrides: Mapping[tuple[str, str], Override] = _NO_OVERRIDES,
    on_tools: Callable[[int, int], None] = lambda _done, _all: None,
) -> StageReport:
    """Assess what is new or changed, or `everything` again. `on_tools` hears how many of how many are done.

    `overrides` are people's verdicts by server (its slug) and tool.
    """
    with reported_errors("the catalog"):
        with engine.connect() as connection:
            outdated, current = _outdated(connection, overrides, everything=everything)
        of_all, done = sum(server.tools for server in outdated), 0
        for servers_of_batch in _batches(outdated):
            with engine.connect() as connection:
                subjects = _read_subjects(connection, servers_of_batch, overrides)
            for start in range(0, len(subjects), BATCH):
                _assess(engine, subjects[start : start + BATCH])
            done += sum(server.tools for server in servers_of_batch)
            on_tools(done, of_all)
    return StageReport("classify", done=of_all, skipped=current)


def _outdated(
    connection: Connection, overrides: Mapping[tuple[str, str], Override], *, everything: bool
) -> tuple[list[_Server], int]:
    """List the servers with anything to assess, and count the tools that need nothing."""
    before = assessments.alias()
    of_before = and_(before.c.definition_digest == tools.c.previous_digest, before.c.server_id == servers.c.id)
    rows = connection.execution_options(yield_per=10_000).execute(
        select(
            *(servers.c.id, servers.c.slug, servers.c.name, servers.c.description),
            *(tools.c.definition_digest, assessments.c.fingerprint, tools.c.previous_digest, before.c.fingerprint),
        )
        .join_from(servers, tools, is_shown())
        .join(assessments, same_subject(), isouter=True)
        .join(before, of_before, isouter=True)
        .order_by(servers.c.id, tools.c.definition_digest)
    )
    by_server: dict[str, list[str]] = {}
    for (slug, _tool), override in sorted(overrides.items()):
        by_server.setdefault(slug, []).append(repr(override))
    outdated, current = [], 0
    for server_id, group in groupby(rows, key=lambda row: int(row[0])):
        own = list(group)
        _id, slug, name, description, *_rest = own[0]
        seen = [fingerprint(), name, description or "", *(row[4] for row in own), *by_server.get(slug, ())]
        expected = hashlib.sha256("\0".join(seen).encode()).hexdigest()[:32]
        if everything or any(row[5] != expected or (row[6] and row[7] != expected) for row in own):
            outdated.append(_Server(server_id, expected, len(own)))
        else:
            current += len(own)
    return outdated, current


def _batches(outdated: Sequence[_Server]) -> Iterator[list[_Server]]:
    batch: list[_Server] = []
    for server in outdated:
        batch.append(server)
        if sum(one.tools for one in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _read_subjects(
    connection: Connection, batch: Sequence[_Server], overrides: Mapping[tuple[str, str], Override]
) -> list[_Subject]:
    by_id = {server.id: server for server in batch}
    rows = connection.execute(
        _tools_of(by_id, tools.c.definition_digest).order_by(servers.c.id, tools.c.name)
    ).mappings()
    # How a tool read before its last change is judged beside it, so that a rise in risk is the tool's and not ours.
    previous: dict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(_tools_of(by_id, tools.c.previous_digest)).mappings():
        previous[row["server_id"]].append(row)
    return [
        subject
        for server_id, group in groupby(rows, key=lambda row: int(row["server_id"]))
        for subject in _subjects(list(group), previous[server_id], by_id[server_id], overrides)
    ]


def _tools_of(ids: Iterable[int], digest: Any) -> Any:
    """Select the tools that servers show, with the definition that one of their digests names."""
    return (
        select(
            tools,
            definitions.c.digest,
            servers.c.id.label("server_id"),
            servers.c.name.label("server_name"),
            servers.c.description.label("server_description"),
            servers.c.slug.label("server_slug"),
            *[column for column in definitions.c if column.name not in ("name", "digest")],
        )
        .join_from(servers, tools, is_shown())
        .join(definitions, definitions.c.digest == digest)
        .where(servers.c.id.in_(ids))
    )


def _subjects(
    rows: Sequence[RowMapping],
    previous: Sequence[RowMapping],
    server: _Server,
    overrides: Mapping[tuple[str, str], Override],
) -> Iterator[_Subject]:
    read = [read_tool_definition(row) for row in rows]
    context = server_context(rows[0]["server_name"], rows[0]["server_description"], read)
    for row, definition in zip(rows, read, strict=True):
        override = overrides.get((row["server_slug"], definition.name))
        yield _Subject(row["digest"], server, definition, context, override)
    now = {row["digest"] for row in rows}
    before = {row["digest"]: row for row in previous if row["digest"] not in now}
    for digest, row in before.items():
        yield _Subject(digest, server, read_tool_definition(row), context, None)


def _assess(engine: Engine, subjects: Sequence[_Subject]) -> None:
    reviewed = {at: subject.override for at, subject in enumerate(subjects) if subject.override is not None}
    judged = assess_tools([(subject.definition, subject.context) for subject in subjects], reviewed)
    with writing(engine) as connection:
        ids = {subject.server.id for subject in subjects}
        # A crawl may have made one server of two meanwhile.
        there = set(connection.execute(select(servers.c.id).where(servers.c.id.in_(ids))).scalars())
        pairs = zip(subjects, judged, strict=True)
        _store(connection, [(subject, one) for subject, one in pairs if subject.server.id in there])


def _store(connection: Connection, judged: Sequence[tuple[_Subject, Assessment]]) -> None:
    keys = [(subject.digest, subject.server.id) for subject, _ in judged]
    for table in (findings, assessments):
        connection.execute(delete(table).where(tuple_(table.c.definition_digest, table.c.server_id).in_(keys)))
    made = [
        {**_key(subject), "fingerprint": subject.server.fingerprint, **assessment_columns(one)}
        for subject, one in judged
    ]
    found = [{**_key(subject), **finding_columns(finding)} for subject, one in judged for finding in one.findings]
    add_mappings(connection, assessments, made)
    add_mappings(connection, findings, found)


def _key(subject: _Subject) -> dict[str, object]:
    return {"definition_digest": subject.digest, "server_id": subject.server.id}
