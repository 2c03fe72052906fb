"""The classify stage: tools whose assessment is missing or outdated are assessed in batches and stored."""

import hashlib
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, and_, delete, insert, select, tuple_

from catalog.assessment_rows import assessment_columns, finding_columns
from catalog.models import assessments, definitions, findings, servers, tools
from catalog.queries import read_tool_definition
from catalog.records import Assessment, ServerContext, ToolDefinition
from catalog.report import StageReport
from catalog.session import reported_errors
from classifier.assess import assess_tools
from classifier.model import fingerprint

BATCH = 500  # tools assessed and stored in one transaction

_Subject = tuple[str, int]  # a definition's digest and the server it is a tool of


def classify(
    engine: Engine,
    *,
    everything: bool = False,
    on_tools: Callable[[int, int], None] = lambda _done, _all: None,
) -> StageReport:
    """Assess what is new or changed, or `everything` again. `on_tools` hears how many of how many are done."""
    with reported_errors("the catalog"):
        with engine.connect() as connection:
            contexts = _server_contexts(connection)
            expected = {server_id: _fingerprint(context) for server_id, context in contexts.items()}
            outdated, current = _outdated(connection, expected, everything=everything)
        for start in range(0, len(outdated), BATCH):
            batch = outdated[start : start + BATCH]
            with engine.begin() as connection:
                _assess_batch(connection, batch, contexts, expected)
            on_tools(start + len(batch), len(outdated))
    return StageReport("classify", done=len(outdated), skipped=current)


def _fingerprint(context: ServerContext) -> str:
    """Identify what a verdict depends on beside the definition: the classifier and the server's words."""
    text = "\0".join((fingerprint(), context.name, context.description or ""))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _server_contexts(connection: Connection) -> dict[int, ServerContext]:
    rows = connection.execute(select(servers.c.id, servers.c.name, servers.c.description))
    return {server_id: ServerContext(name, description) for server_id, name, description in rows}


def _outdated(connection: Connection, expected: dict[int, str], *, everything: bool) -> tuple[list[_Subject], int]:
    same_subject = and_(
        assessments.c.definition_digest == tools.c.definition_digest,
        assessments.c.server_id == tools.c.server_id,
    )
    rows = connection.execute(
        select(tools.c.definition_digest, tools.c.server_id, assessments.c.fingerprint)
        .join(assessments, same_subject, isouter=True)
        .where(tools.c.withdrawn_at.is_(None))
        .order_by(tools.c.server_id, tools.c.definition_digest)
    ).all()
    outdated = [(digest, server_id) for digest, server_id, found in rows if everything or found != expected[server_id]]
    return outdated, len(rows) - len(outdated)


def _assess_batch(
    connection: Connection,
    batch: Sequence[_Subject],
    contexts: dict[int, ServerContext],
    expected: dict[int, str],
) -> None:
    read = _read_definitions(connection, batch)
    judged = assess_tools([(read[subject], contexts[subject[1]]) for subject in batch])
    for table in (findings, assessments):
        among = tuple_(table.c.definition_digest, table.c.server_id).in_(batch)
        connection.execute(delete(table).where(among))
    connection.execute(
        insert(assessments),
        [
            {
                **_subject_columns(subject),
                "fingerprint": expected[subject[1]],
                **assessment_columns(assessment),
            }
            for subject, assessment in zip(batch, judged, strict=True)
        ],
    )
    rows = _finding_rows(batch, judged)
    if rows:
        connection.execute(insert(findings), rows)


def _read_definitions(connection: Connection, batch: Sequence[_Subject]) -> dict[_Subject, ToolDefinition]:
    rows = connection.execute(
        select(tools, *[column for column in definitions.c if column.name not in ("name", "digest")])
        .join(definitions, definitions.c.digest == tools.c.definition_digest)
        .where(tuple_(tools.c.definition_digest, tools.c.server_id).in_(batch))
    ).mappings()
    return {(row["definition_digest"], row["server_id"]): read_tool_definition(row) for row in rows}


def _finding_rows(batch: Sequence[_Subject], judged: Sequence[Assessment]) -> list[dict[str, object]]:
    return [
        {**_subject_columns(subject), **finding_columns(finding)}
        for subject, assessment in zip(batch, judged, strict=True)
        for finding in assessment.findings
    ]


def _subject_columns(subject: _Subject) -> dict[str, object]:
    return {"definition_digest": subject[0], "server_id": subject[1]}
