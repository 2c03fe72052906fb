"""The tools of places as they were just read: written where they differ from what is known, with what happened to each.

What an older release of the extractors read differently is corrected in silence when the files are the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from catalog.bulk import add_rows, write_rows
from catalog.dialects import dump_json
from catalog.models import changes, definitions, tools
from catalog.records import ToolDefinition
from catalog.slug import unique_slug
from catalog.vocabulary import ChangeKind
from crawler.fetched import Fetched
from crawler.recovery.recover import Recovered

_DEFINITION = ("digest", "name", "title", "description", "input_schema", "output_schema", "annotations")
_ORIGIN = ("path", "line", "pattern", "conditional", "unresolved")
_TOOL = ("package_id", "name", "slug", "definition_digest", *_ORIGIN, "first_seen")
_UPDATED = ("definition_digest", "previous_digest", *_ORIGIN, "withdrawn_at")


@dataclass(frozen=True, slots=True)
class Before:
    """The look before this one: its version, whether the archive is the `same`, whether other extractors read it."""

    version: str | None
    same: bool
    reread: bool

    @property
    def only_reread(self) -> bool:
        """Tell whether every difference to it is our own."""
        return self.same and self.reread


@dataclass(frozen=True, slots=True)
class Reading:
    """What one place was just read to hold, by which state of the extractors; `before` is None at the first look."""

    package: int
    fetched: Fetched
    recovered: Recovered
    extractors: str
    before: Before | None


@dataclass(slots=True)
class _Rows:
    """What is to be written."""

    definitions: dict[str, tuple[object, ...]]
    added: list[tuple[object, ...]]
    updated: list[tuple[object, ...]]
    changed: list[dict[str, object]]


def store_readings(connection: Connection, readings: Sequence[Reading], at: str) -> None:
    """Write the tools of places, and what happened to them since the look before."""
    known: dict[int, dict[str, RowMapping]] = defaultdict(dict)
    again = [reading.package for reading in readings if reading.before is not None]
    for row in connection.execute(select(tools).where(tools.c.package_id.in_(again))).mappings():
        known[row["package_id"]][row["name"]] = row
    rows = _Rows({}, [], [], [])
    for reading in readings:
        _compare(reading, known[reading.package], rows, at)
    # In the order of their key, a batch touches each page of its index once.
    ordered = [rows.definitions[digest] for digest in sorted(rows.definitions)]
    add_rows(connection, definitions, _DEFINITION, ordered, only_new=True)
    add_rows(connection, tools, _TOOL, rows.added)
    values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in _UPDATED}
    statement = update(tools).where(tools.c.id == bindparam("tool")).values(**values)
    write_rows(connection, statement, [*(f"new_{column}" for column in _UPDATED), "tool"], rows.updated)
    _store_changes(connection, rows.changed)


def _compare(reading: Reading, known: dict[str, RowMapping], rows: _Rows, at: str) -> None:
    slugs = {row["slug"] for row in known.values()}
    found = {definition.name for definition in reading.recovered.extraction.definitions}
    for definition in reading.recovered.extraction.definitions:
        digest, before = definition.digest(), known.get(definition.name)
        if before is None or before["definition_digest"] != digest:
            rows.definitions.setdefault(digest, _definition_row(digest, definition))
        if before is None:
            slug = unique_slug(definition.name, slugs)
            slugs.add(slug)
            rows.added.append((reading.package, definition.name, slug, digest, *_origin_row(definition), at))
            if reading.before is not None:
                _note(rows, reading, ChangeKind.ADDED, definition.name, None, digest, at)
        else:
            _compare_one(reading, before, definition, digest, rows, at)
    for name, row in known.items():
        if name not in found and row["withdrawn_at"] is None:
            rows.updated.append((row["definition_digest"], row["previous_digest"], *_known_origin(row), at, row["id"]))
            _note(rows, reading, ChangeKind.REMOVED, name, row["definition_digest"], None, at)


def _compare_one(
    reading: Reading, before: RowMapping, definition: ToolDefinition, digest: str, rows: _Rows, at: str
) -> None:
    reads = before["definition_digest"]
    origin = _origin_row(definition)
    if reads == digest and before["withdrawn_at"] is None and origin == _known_origin(before):
        return
    ours = reading.before is not None and reading.before.only_reread
    previous = before["previous_digest"] if reads == digest or ours else reads
    rows.updated.append((digest, previous, *origin, None, before["id"]))
    if before["withdrawn_at"] is not None:
        _note(rows, reading, ChangeKind.RETURNED, definition.name, reads, digest, at)
    elif reads != digest:
        _note(rows, reading, ChangeKind.CHANGED, definition.name, reads, digest, at)


def _note(
    rows: _Rows, reading: Reading, kind: ChangeKind, name: str, before: str | None, after: str | None, at: str
) -> None:
    last = reading.before
    if last is None or last.only_reread:
        return
    version = reading.fetched.version or reading.recovered.manifest.version
    rows.changed.append(
        {
            "package": reading.package,
            "name": name,
            "at": at,
            "kind": kind,
            "before": before,
            "after": after,
            "version": version,
            "version_before": last.version,
            "reread": last.reread,
        }
    )


def _store_changes(connection: Connection, found: Sequence[dict[str, Any]]) -> None:
    for change in found:
        where = (tools.c.package_id == change.pop("package"), tools.c.name == change.pop("name"))
        tool = select(tools.c.id).where(*where).scalar_subquery()
        connection.execute(insert(changes).values(tool_id=tool, **change))


def _definition_row(digest: str, definition: ToolDefinition) -> tuple[object, ...]:
    return (
        digest,
        definition.name,
        definition.title,
        definition.description,
        _json_or_none(definition.input_schema),
        _json_or_none(definition.output_schema),
        dump_json(definition.annotations) if definition.annotations else "{}",
    )


def _json_or_none(value: object) -> str | None:
    return None if value is None else dump_json(value)


def _origin_row(definition: ToolDefinition) -> tuple[object, ...]:
    origin = definition.origin
    place = (origin.path, origin.line, origin.pattern) if origin else (None, None, None)
    unresolved = dump_json(definition.unresolved) if definition.unresolved else "[]"
    return (*place, definition.conditional, unresolved)


def _known_origin(row: RowMapping) -> tuple[object, ...]:
    unresolved = dump_json(row["unresolved"]) if row["unresolved"] else "[]"
    return (row["path"], row["line"], row["pattern"], row["conditional"], unresolved)
