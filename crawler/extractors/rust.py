"""Tools of servers written in Rust: functions and structs that an attribute makes tools, and tools constructed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from crawler.extractors.codebase import Codebase, Module, enclosing
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Record, Scope, Symbol, Value
from crawler.extractors.extracted import Extracted
from crawler.extractors.json_schema import as_input_schema, object_schema
from crawler.extractors.rust_expressions import macro_arguments
from crawler.extractors.rust_schema import StructSchemas
from crawler.extractors.rust_syntax import RustDialect, attributes_of, doc_of, is_test
from crawler.extractors.source_tools import extract_source
from crawler.extractors.tool_records import Chain, ToolRecords, hint, prose
from crawler.extractors.written_tools import written_tools

_ATTRIBUTES = ("tool", "mcp_tool")
_HINTS = {
    "read_only_hint": "readOnlyHint",
    "destructive_hint": "destructiveHint",
    "idempotent_hint": "idempotentHint",
    "open_world_hint": "openWorldHint",
    "read_only": "readOnlyHint",
    "destructive": "destructiveHint",
    "idempotent": "idempotentHint",
    "open_world": "openWorldHint",
}
_WORDS = (b"rmcp", b"rust_mcp", b"mcp_tool", b"mcp_core", b"mcp_sdk", b"mcp_server", b"ListToolsResult", b"tools/list")
_GIVEN_BY_SERVER = re.compile(r"RequestContext|Peer<|Extension|CancellationToken|Extensions|ToolCallContext|RoleServer")


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Rust files declare."""
    return extract_source(files, RustDialect(files), _WORDS, _find)


def _find(code: Codebase) -> tuple[list[ToolDefinition], list[str]]:
    return RustTools(code).find()


class RustTools:
    """Finds the tools of one Rust codebase."""

    def __init__(self, code: Codebase) -> None:
        self._code = code
        self._evaluator = Evaluator(code, frozenset(("Tool",)))
        self._schemas = StructSchemas(code)
        self._records = ToolRecords(self._evaluator, self._read, "rust-tool")
        self._reasons: list[str] = []

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        found = [tool for word in _ATTRIBUTES for tool in self._attributed(word)]
        for module, node in self._code.occurrences("Tool", frozenset(("call_expression", "struct_expression")), 4):
            if not is_test(node):
                found += self._records.find(module, node)
        found += written_tools(self._code, self._evaluator, frozenset(("macro_invocation",)), "rust-tool-json")
        reasons = [*self._reasons, *self._records.reasons]
        return found, reasons if found else [*reasons, *self._records.doubts]

    def _attributed(self, word: str) -> Iterator[ToolDefinition]:
        for module, attribute in self._code.occurrences(word, frozenset(("attribute_item",)), 4):
            item = _item_after(attribute)
            named = [name for name, _ in attributes_of(item)] if item is not None else []
            if item is None or word not in named or is_test(item):
                continue
            scope = self._evaluator.scope_at(Scope(module), item)
            said = self._said(attribute, scope)
            name = said.get("name", text_of(item.child_by_field_name("name")))
            if not isinstance(name, str):
                self._reasons.append(f"{module.path}:{item.start_point[0] + 1}: tool name is computed at run time")
                continue
            if item.type == "function_item" or word == "mcp_tool":
                yield self._definition(module, item, name, said)

    def _said(self, attribute: Node, scope: Scope) -> dict[str, Value]:
        """Give what an attribute says, the hints of its `annotations(...)` beside the rest."""
        text = text_of(attribute)
        call = macro_arguments(self._code.dialect, text.partition("(")[2].rpartition(")")[0]) if "(" in text else None
        if call is None:
            return {}
        said = {key: self._evaluator.evaluate(value, scope) for key, value in call.named}
        for one in call.args:
            value = self._evaluator.evaluate(one, scope)
            if isinstance(value, Record) and value.name == "annotations":
                said |= value.named
        nested = said.get("annotations")
        return {**said, **nested.named} if isinstance(nested, Record) else said

    def _definition(self, module: Module, item: Node, name: str, said: dict[str, Value]) -> ToolDefinition:
        description = prose(said["description"]) if "description" in said else doc_of(item) or None
        hints = {_HINTS[key]: value for key, value in said.items() if key in _HINTS and isinstance(value, bool)}
        title = prose(said.get("title"))
        schema = self._parameters(module, item)
        return ToolDefinition(
            name,
            title=title if item.type == "struct_item" else None,
            description=description,
            input_schema=schema,
            annotations={**hints, **({"title": title} if title and item.type == "function_item" else {})},
            origin=Origin(module.path, item.start_point[0] + 1, "rust-tool-attribute"),
            conditional=self._feature(item),
            unresolved=("description",) if "description" in said and description is None else (),
        )

    def _parameters(self, module: Module, item: Node) -> dict[str, Any]:
        """Give what a tool takes: its own struct, the one in `Parameters<T>`, or parameters marked one by one."""
        if item.type == "struct_item":
            name = text_of(item.child_by_field_name("name"))
            declared = next((one for one in module.declared.get(name, ()) if one.node == item), None)
            return self._schemas.struct(declared) if declared is not None else {"type": "object", "properties": {}}
        properties: dict[str, Any] = {}
        required = []
        for name, type_, said in _marked_parameters(item):
            if type_.rpartition("::")[2].startswith("Parameters<") or "aggr" in said:
                schema = self._schemas.of(type_, module)
                return schema if schema.get("type") == "object" else {"type": "object", "properties": {}}
            if _GIVEN_BY_SERVER.search(type_) or not said:
                continue
            schema = self._schemas.of(type_, module)
            described = re.search(r'description\s*=\s*"((?:[^"\\]|\\.)*)"', said)
            properties[name] = schema | ({"description": described[1]} if described else {})
            if not type_.startswith("Option<"):
                required.append(name)
        return object_schema(properties, required)

    def _feature(self, item: Node) -> str | None:
        """Give the feature that an item is compiled under, unless it is on by default."""
        for name, said in attributes_of(item):
            feature = re.search(r'^\s*feature\s*=\s*"([\w-]+)"', said) if name == "cfg" else None
            if feature is not None and not self._is_default(feature[1]):
                return f'feature = "{feature[1]}"'
        return self._records.condition(item)

    def _is_default(self, feature: str) -> bool:
        for path, data in self._code.files.items():
            if path.rpartition("/")[2] == "Cargo.toml":
                default = re.search(rb"(?m)^default\s*=\s*\[([^\]]*)\]", data)
                if default is not None and f'"{feature}"'.encode() in default[1]:
                    return True
        return False

    def _read(self, chain: Chain) -> dict[str, Any] | None:
        record = chain[0]
        if record.name == "Tool" and "name" in record.named:
            fields = dict(record.named)
        elif (
            record.name in ("new", "new_with_raw") and isinstance(record.owner, Symbol) and record.owner.last == "Tool"
        ):
            fields = dict(zip(("name", "description", "input_schema"), record.args, strict=False))
        else:
            return None
        given = fields.get("input_schema", fields.get("inputSchema"))
        schema = self._schema(given)
        description = prose(fields.get("description"))
        annotations = fields.get("annotations")
        return {
            "name": fields.get("name"),
            "description": description,
            "title": prose(fields.get("title")),
            "input_schema": schema,
            "annotations": _annotations(annotations) if isinstance(annotations, Record) else {},
            "unresolved": ("inputSchema",) if given is not None and schema is None else (),
        }

    def _schema(self, value: Value) -> dict[str, Any] | None:
        """Give a schema that is written out, or made of a type by a call with one."""
        if isinstance(value, Record):
            for link in value.chain():
                for type_ in link.types:
                    schema = self._schemas.of(type_, link.scope.module)
                    if schema:
                        return schema
        return as_input_schema(value) if value is not None else None


def _annotations(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for link in record.chain():
        for key, item in link.named.items():
            if key in _HINTS:
                found[_HINTS[key]] = hint(item)
            elif key == "title":
                found["title"] = prose(item)
        if link.name in _HINTS and link.args:
            found[_HINTS[link.name]] = hint(link.args[0])
    return {key: item for key, item in found.items() if item is not None}


def _item_after(attribute: Node) -> Node | None:
    item = attribute.next_named_sibling
    while item is not None and (item.type == "attribute_item" or item.type.endswith("comment")):
        item = item.next_named_sibling
    return item if item is not None and item.type in ("function_item", "struct_item") else None


def _marked_parameters(function: Node) -> Iterator[tuple[str, str, str]]:
    """Give a function's parameters: name, type, and the attributes before it as text."""
    parameters = function.child_by_field_name("parameters")
    said = ""
    for one in parameters.named_children if parameters is not None else ():
        if one.type in ("attribute_item", "ERROR"):
            said += text_of(one)
        elif one.type == "parameter":
            inner = enclosing(one, frozenset(("parameter",)))
            yield text_of(one.child_by_field_name("pattern")), text_of(one.child_by_field_name("type")), said
            said = "" if inner is not None else said
