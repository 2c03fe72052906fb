"""A server's answer to `tools/list`, kept in a file and read as definitions; no server is asked here."""

from collections.abc import Iterable
from typing import Any

import orjson

from catalog.records import Extraction, FileIssue, Origin, ToolDefinition
from catalog.vocabulary import Outcome
from crawler.errors import SnapshotError
from crawler.recovery.extract import merge_definitions


def read_tools_list(data: bytes, path: str) -> Extraction:
    """Read an object with `tools`, an array of tools, or a whole JSON-RPC answer.

    Raises SnapshotError when it is none of these; a bad entry becomes an issue and the others are read.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise SnapshotError(path, f"not JSON: {error}") from error
    entries = _entries(value)
    if entries is None:
        raise SnapshotError(path, "no tools in it; expected an array of tools or an object with `tools`")
    return read_entries(entries, Origin(path, 1, "tools-list"))


def read_entries(entries: Iterable[Any], origin: Origin) -> Extraction:
    """Read the tools of a `tools/list` answer, wherever it came from; a bad entry becomes an issue."""
    definitions, issues = [], []
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str) and entry["name"]:
            definitions.append(_definition(entry, origin))
        else:
            issues.append(FileIssue(origin.path, f"entry {index} is not a tool: it has no name"))
    kept, reasons = merge_definitions(definitions)
    outcome = Outcome.COMPLETE if kept and not (reasons or issues) else Outcome.PARTIAL if kept else Outcome.NO_TOOLS
    return Extraction(kept, outcome, reasons, tuple(issues))


def _entries(value: Any) -> list[Any] | None:
    for _ in range(3):  # an array, {"tools": …}, {"result": {"tools": …}}
        if isinstance(value, list):
            return value
        if not isinstance(value, dict):
            return None
        value = value.get("tools", value.get("result"))
    return None


def _definition(entry: dict[str, Any], origin: Origin) -> ToolDefinition:
    def text(key: str) -> str | None:
        return entry[key] if isinstance(entry.get(key), str) else None

    def mapping(key: str) -> dict[str, Any] | None:
        return entry[key] if isinstance(entry.get(key), dict) else None

    odd = entry.get("inputSchema") is not None and mapping("inputSchema") is None
    return ToolDefinition(
        name=entry["name"],
        title=text("title"),
        description=text("description"),
        input_schema=mapping("inputSchema"),
        output_schema=mapping("outputSchema"),
        annotations=mapping("annotations") or {},
        origin=origin,
        unresolved=("inputSchema",) if odd else (),
    )
