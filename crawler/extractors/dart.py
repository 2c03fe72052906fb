"""Tools of servers written in Dart: tools constructed with names, and tools registered by a call."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tree_sitter import Node

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Codebase, Module
from crawler.extractors.dart_syntax import DartDialect
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Record, Value
from crawler.extractors.extracted import Extracted
from crawler.extractors.json_schema import as_input_schema, object_schema
from crawler.extractors.source_tools import extract_source
from crawler.extractors.tool_records import Chain, ToolRecords, hint, prose
from crawler.extractors.written_tools import written_tools

_WORDS = (b"mcp",)
_CALLED = ("tool", "registerTool", "addTool")
_TOOL_CLASS = re.compile(rb"\b([A-Z]\w{0,60}Tool|Tool)\s{0,9}\(")
_SCHEMA_NAMES = ("inputSchema", "toolInputSchema", "inputSchemaProperties", "parameters")
_HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
_TYPES = {
    "string": "string", "StringSchema": "string", "int": "integer", "integer": "integer", "IntegerSchema": "integer",
    "num": "number", "number": "number", "NumberSchema": "number", "double": "number", "bool": "boolean",
    "boolean": "boolean", "BooleanSchema": "boolean", "list": "array", "array": "array", "ListSchema": "array",
    "object": "object", "ObjectSchema": "object", "ToolInputSchema": "object", "JsonObject": "object",
    "JsonString": "string", "JsonInteger": "integer", "JsonNumber": "number", "JsonBoolean": "boolean",
    "JsonArray": "array", "EnumSchema": "string", "untitledSingleSelectEnum": "string",
}  # fmt: skip
_RENAMED = {"enumValues": "enum", "values": "enum", "defaultValue": "default"}


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Dart files declare."""
    return extract_source(files, DartDialect(files), _WORDS, lambda code: DartTools(code).find())


class DartTools:
    """Finds the tools of one Dart codebase."""

    def __init__(self, code: Codebase) -> None:
        self._code = code
        self._evaluator = Evaluator(code, frozenset(("Tool",)))
        self._records = ToolRecords(self._evaluator, self._read, "dart-tool")

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        found = [tool for site in self._sites() for tool in self._records.find(*site)]
        found += written_tools(self._code, self._evaluator, frozenset(("set_or_map_literal",)), "dart-tool-map")
        reasons = self._records.reasons
        return found, reasons if found else [*reasons, *self._records.doubts]

    def _sites(self) -> Iterator[tuple[Module, Node]]:
        named = {match[1].decode() for data in self._code.sources.values() for match in _TOOL_CLASS.finditer(data)}
        for word in (*sorted(named), *_CALLED):
            for module, node in self._code.occurrences(word, self._code.dialect.calls, 3):
                if b"mcp" in module.data.lower():
                    yield module, node

    def _read(self, chain: Chain) -> dict[str, Any] | None:
        record = chain[0]
        named = dict(record.named)
        if record.name.endswith("Tool") and record.name[:1].isupper():
            if "name" not in named or not ({"description", *_SCHEMA_NAMES} & named.keys()):
                return None
        elif record.name in _CALLED and isinstance(record.owner, str | int | list | dict):
            return None
        elif record.name in _CALLED:
            if "name" not in named and record.args:
                named["name"] = record.args[0]
            if "name" not in named or isinstance(named["name"], Record):
                return None
            if not ({"description", *_SCHEMA_NAMES} & named.keys()):
                return None
        else:
            return None
        given = next((named[key] for key in _SCHEMA_NAMES if key in named), None)
        schema = _schema(given)
        description = prose(named.get("description"))
        missing = {
            "description": named.get("description") is not None and description is None,
            "inputSchema": given is not None and schema is None,
        }
        annotations = named.get("annotations", named.get("toolAnnotations"))
        return {
            "name": named["name"],
            "title": prose(named.get("title")),
            "description": description,
            "input_schema": schema,
            "annotations": _annotations(annotations),
            "unresolved": tuple(part for part, is_missing in missing.items() if is_missing),
        }


def _schema(value: Value) -> dict[str, Any] | None:
    written = _written(value)
    if not isinstance(written, dict):
        return None
    if written and "type" not in written and all(isinstance(one, dict) for one in written.values()):
        return object_schema(written, [])
    return as_input_schema(written)


def _written(value: Value, depth: int = 0) -> Any:
    """Give a schema built by constructors that name a type, or written out as a map."""
    if depth > 20:
        return {}
    if isinstance(value, Record):
        traits = {_RENAMED.get(key, key): _written(item, depth + 1) for key, item in value.named.items()}
        if value.name not in _TYPES:
            return _written(value.args[0], depth + 1) if len(value.args) == 1 else traits
        return {"type": _TYPES[value.name], **{key: item for key, item in traits.items() if item is not None}}
    if isinstance(value, dict):
        known = {key: _written(item, depth + 1) for key, item in value.items()}
        return {key: item for key, item in known.items() if item is not None}
    if isinstance(value, list):
        return [item for one in value if (item := _written(one, depth + 1)) is not None]
    return value if isinstance(value, str | int | float | bool) else None


def _annotations(value: Value) -> dict[str, Any]:
    if not isinstance(value, Record):
        return {}
    found: dict[str, Any] = {key: hint(value.named[key]) for key in _HINTS if key in value.named}
    found["title"] = prose(value.named.get("title"))
    return {key: item for key, item in found.items() if item is not None}
