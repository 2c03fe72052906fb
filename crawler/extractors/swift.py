"""Tools of servers written in Swift: constructed by name, functions marked as tools, types that describe one."""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from crawler.extractors.codebase import Codebase, Declaration, Module, enclosing
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Literal, Parameter, Record, Scope, Symbol, Value
from crawler.extractors.extracted import Extracted
from crawler.extractors.json_schema import as_input_schema, object_schema, written_schema
from crawler.extractors.source_tools import extract_source
from crawler.extractors.swift_syntax import SwiftDialect, doc_of
from crawler.extractors.tool_records import Chain, ToolRecords, hint, prose
from crawler.extractors.written_tools import written_tools

_CALLS = frozenset(("call_expression",))
_SCHEMA_NAMES = ("inputSchema", "parameters", "schema")
_TYPES = {
    "String": "string", "Int": "integer", "Int32": "integer", "Int64": "integer", "UInt": "integer",
    "Double": "number", "Float": "number", "CGFloat": "number", "Bool": "boolean", "Date": "string", "URL": "string",
    "UUID": "string", "Data": "string",
}  # fmt: skip
_BUILDERS = {
    "string": "string", "integer": "integer", "int": "integer", "number": "number", "double": "number",
    "boolean": "boolean", "bool": "boolean", "array": "array", "object": "object",
}  # fmt: skip
_HINTS = {
    "isReadOnly": "readOnlyHint",
    "isDestructive": "destructiveHint",
    "isIdempotent": "idempotentHint",
    "isOpenWorld": "openWorldHint",
}
_MARK = re.compile(r"^-\s*(?:Parameters?|Returns?|Throws|Note|Important)\b[^:]*:?", re.MULTILINE)
_PARAMETER = re.compile(r"^\s*-\s*(?:Parameter\s+)?(\w+):\s*(.+)$", re.MULTILINE)


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Swift files declare."""
    return extract_source(files, SwiftDialect(files), (b"import MCP", b"MCPTool", b"ListTools", b"tools/list"), _find)


def _find(code: Codebase) -> tuple[list[ToolDefinition], list[str]]:
    return SwiftTools(code).find()


class SwiftTools:
    """Finds the tools of one Swift codebase."""

    def __init__(self, code: Codebase) -> None:
        self._code = code
        self._evaluator = Evaluator(code, frozenset(("Tool", *_BUILDERS)))
        self._records = ToolRecords(self._evaluator, self._read, "swift-tool")

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        found = [tool for site in self._code.occurrences("Tool", _CALLS, 3) for tool in self._records.find(*site)]
        found += [tool for word in ("MCPTool",) for tool in self._marked(word)]
        found += written_tools(self._code, self._evaluator, frozenset(("dictionary_literal",)), "swift-tool-map")
        found = found or list(self._described_by_types())
        return found, self._records.reasons if found else [*self._records.reasons, *self._records.doubts]

    def _read(self, chain: Chain) -> dict[str, Any] | None:
        record = chain[0]
        named = record.named
        if record.name != "Tool" or "name" not in named or not ({"description", *_SCHEMA_NAMES} & named.keys()):
            return None
        given = next((named[name] for name in _SCHEMA_NAMES if name in named), None)
        schema = _schema(given)
        description = prose(named.get("description"))
        missing = {
            "description": named.get("description") is not None and description is None,
            "inputSchema": given is not None and schema is None,
        }
        return {
            "name": named["name"],
            "description": description,
            "title": prose(named.get("title")),
            "input_schema": schema,
            "annotations": _annotations(named.get("annotations")),
            "unresolved": tuple(part for part, is_missing in missing.items() if is_missing),
        }

    def _marked(self, word: str) -> Iterator[ToolDefinition]:
        """Give the functions that an attribute makes tools: named after themselves, described by their comment."""
        for module, attribute in self._code.occurrences(word, frozenset(("attribute",)), 3):
            function = enclosing(attribute, frozenset(("function_declaration",)), 4)
            if function is None:
                continue
            scope = self._evaluator.scope_at(Scope(module), function)
            said = dict(_attribute_values(attribute, self._evaluator, scope))
            doc = doc_of(function)
            about = _MARK.split(doc, maxsplit=1)[0].strip()
            name = said.get("name") or text_of(function.child_by_field_name("name"))
            yield ToolDefinition(
                str(name),
                description=prose(said.get("description")) or about or None,
                input_schema=_signature(self._code.function(module, function).parameters, doc),
                annotations={_HINTS[key]: value for key, value in said.items() if key in _HINTS},
                origin=Origin(module.path, function.start_point[0] + 1, "swift-tool-attribute"),
            )

    def _described_by_types(self) -> Iterator[ToolDefinition]:
        """Give the types named after tools whose members say a name, a description and a schema."""
        for module in self._code.holding(b"Tool"):
            owners = {one.owner for found in module.declared.values() for one in found if one.kind == "value"}
            for owner in sorted(owners):
                members = {
                    name: one
                    for name in ("name", "description", *_SCHEMA_NAMES)
                    if (one := _member(module, owner, name))
                }
                if "Tool" not in owner or not {"name", "description"} <= members.keys() or len(members) < 3:
                    continue
                values = {name: self._evaluator.declared_value(one) for name, one in members.items()}
                schema = next((values[name] for name in _SCHEMA_NAMES if name in values), None)
                if isinstance(values["name"], str):
                    yield ToolDefinition(
                        values["name"],
                        description=prose(values["description"]),
                        input_schema=_schema(schema),
                        origin=Origin(module.path, members["name"].node.start_point[0] + 1, "swift-tool-type"),
                    )


def _member(module: Module, owner: str, name: str) -> Declaration | None:
    return next((one for one in module.declared.get(name, ()) if one.owner == owner and one.kind == "value"), None)


def _schema(value: Value) -> dict[str, Any] | None:
    return as_input_schema(_written(value)) if value is not None else None


def _written(value: Value, depth: int = 0) -> Any:
    """Give a schema written with cases of JSON values, or with builders that name a type and its traits."""
    if depth > 20:
        return {}
    if isinstance(value, Record):
        if value.name in _BUILDERS and (value.named or not value.args):
            traits = {key: _written(item, depth + 1) for key, item in value.named.items()}
            return {
                "type": _BUILDERS[value.name],
                **{("enum" if key == "enumValues" else key): item for key, item in traits.items()},
            }
        if len(value.args) == 1:
            return _written(value.args[0], depth + 1)
        return written_schema(value)
    if isinstance(value, dict):
        return {key: _written(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_written(item, depth + 1) for item in value]
    return None if isinstance(value, Symbol) else value


def _annotations(value: Value) -> dict[str, Any]:
    if not isinstance(value, Record):
        return {}
    found = {key: prose(item) if key == "title" else hint(item) for key, item in value.named.items()}
    return {key: item for key, item in found.items() if item is not None}


def _attribute_values(attribute: Node, evaluator: Evaluator, scope: Scope) -> Iterator[tuple[str, Value]]:
    children = attribute.named_children[1:]
    for label, value in itertools.pairwise(children):
        if label.type == "simple_identifier" and value.type != "simple_identifier":
            yield text_of(label), evaluator.node(value, scope)


def _signature(parameters: tuple[Parameter, ...], doc: str) -> dict[str, Any]:
    described = dict(_PARAMETER.findall(doc))
    properties: dict[str, Any] = {}
    required = []
    for one in parameters:
        schema = _type_schema(one.type)
        if one.name in described:
            schema["description"] = described[one.name].strip()
        if isinstance(one.default, Literal) and one.default.value is not None:
            schema["default"] = one.default.value
        properties[one.name] = schema
        if one.default is None and not one.type.endswith("?"):
            required.append(one.name)
    return object_schema(properties, required)


def _type_schema(type_: str) -> dict[str, Any]:
    type_ = type_.rstrip("?! ")
    if type_ in _TYPES:
        return {"type": _TYPES[type_]}
    if type_.startswith("[") and type_.endswith("]"):
        key, colon, _ = type_[1:-1].partition(":")
        return {"type": "object"} if colon else {"type": "array", "items": _type_schema(key.strip())}
    return {}
