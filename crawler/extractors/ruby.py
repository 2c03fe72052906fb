"""Tools of servers written in Ruby: classes that describe themselves, tools defined by call, and blocks named tools."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.records import Origin, ToolDefinition
from crawler.extractors.codebase import Codebase, Declaration, Module, enclosing
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import FunctionValue, Record, Scope, Symbol, Value
from crawler.extractors.extracted import Extracted
from crawler.extractors.ruby_schema import ArgumentSchemas, hash_schema
from crawler.extractors.ruby_syntax import RubyDialect
from crawler.extractors.source_tools import extract_source
from crawler.extractors.tool_records import Chain, ToolRecords, hint, prose
from crawler.extractors.written_tools import written_tools

_WORDS = (b"MCP", b"mcp", b"Mcp")
_HINTS = {
    "read_only_hint": "readOnlyHint",
    "destructive_hint": "destructiveHint",
    "idempotent_hint": "idempotentHint",
    "open_world_hint": "openWorldHint",
}
_SAYING = frozenset(
    ("tool_name", "title", "description", "input_schema", "annotations", "arguments", "argument", "property", "name")
)
_REGISTERING = ("register_tool", "register_tools", "add_tool")
_CLASS_NAMES = re.compile(r"FastMcp|ActionTool|FastMCP")
_MAX_BASES = 8


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Ruby files declare."""
    return extract_source(files, RubyDialect(files), _WORDS, lambda code: RubyTools(code).find())


class RubyTools:
    """Finds the tools of one Ruby codebase."""

    def __init__(self, code: Codebase) -> None:
        self._code = code
        self._evaluator = Evaluator(code)
        self._schemas = ArgumentSchemas(self._evaluator)
        self._records = ToolRecords(self._evaluator, self._read, "ruby-tool")
        self._reasons: list[str] = []

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        classes = [tool for module in self._code.holding(b"Tool") for tool in self._classes(module)]
        registered = self._registered()
        listed = [tool for name, tool in classes if name in registered]
        found = listed or [tool for _, tool in classes]
        for word in ("define_tool", "define", "tool"):
            for module, node in self._code.occurrences(word, frozenset(("call",)), 3):
                if b"MCP" in module.data or b"mcp" in module.data.lower():
                    found += self._records.find(module, node)
        found += written_tools(self._code, self._evaluator, frozenset(("hash",)), "ruby-tool-hash")
        reasons = [*self._reasons, *self._records.reasons]
        return found, reasons if found else [*reasons, *self._records.doubts]

    def _classes(self, module: Module) -> Iterator[tuple[str, ToolDefinition]]:
        for declared in list(module.declared.values()):
            for one in declared:
                lineage = self._lineage(one) if one.kind == "type" else ""
                if lineage and (tool := self._class_tool(module, one, lineage)) is not None:
                    yield one.name, tool

    def _lineage(self, declaration: Declaration) -> str:
        """Give the base that makes a class a tool, of the protocol's libraries; empty when there is none."""
        current: Declaration | None = declaration
        for _ in range(_MAX_BASES):
            bases = self._code.dialect.type_body(current).bases if current is not None else ()
            if not bases or current is None:
                return ""
            if re.search(r"(?:MCP|Mcp|ActionTool)\w*::(?:\w+::)*(?:Tool|Base)$|^(?:MCP|Mcp|FastMcp)Tool$", bases[0]):
                return bases[0]
            found = self._code.lookup(bases[0].rpartition("::")[2], current.module)
            current = found if found is not None and found.node != current.node else None
        return ""

    def _class_tool(self, module: Module, declaration: Declaration, lineage: str) -> ToolDefinition | None:
        said = self._said(module, declaration)
        if not ({"description", "tool_name", "input_schema", "arguments"} & said.keys()):
            return None
        given = said["tool_name"].args if "tool_name" in said else []
        name = given[0] if given else _default_name(declaration, lineage)
        line = declaration.node.start_point[0] + 1
        if not isinstance(name, str):
            self._reasons.append(f"{module.path}:{line}: tool name is computed at run time")
            return None
        description = _first(said.get("description"))
        title = prose(_first(said.get("title")))
        annotations = _annotations(said.get("annotations"))
        return ToolDefinition(
            name,
            title=title,
            description=prose(description),
            input_schema=self._class_schema(said),
            annotations=annotations,
            origin=Origin(module.path, line, "ruby-tool-class"),
            unresolved=("description",) if "description" in said and prose(description) is None else (),
        )

    def _said(self, module: Module, declaration: Declaration) -> dict[str, Record]:
        """Give what the statements of a class's body say, by the method they call."""
        said: dict[str, Record] = {}
        body = declaration.node.child_by_field_name("body")
        scope = Scope(module, None, declaration.name)
        for statement in body.named_children if body is not None else ():
            if statement.type == "call" and text_of(statement.child_by_field_name("method")) in _SAYING:
                record = self._records.record(statement, scope)
                if record is not None and record.owner is None:
                    said.setdefault(record.name, record)
        return said

    def _class_schema(self, said: dict[str, Record]) -> dict[str, Any] | None:
        schema = said.get("input_schema") or said.get("arguments")
        if schema is None:
            return {"type": "object", "properties": {}}
        block = next((arg for arg in schema.args if isinstance(arg, FunctionValue)), None)
        if block is not None:
            return self._schemas.of_block(block)
        return hash_schema(schema.args[0] if schema.args else dict(schema.named))

    def _registered(self) -> set[str]:
        """Give the classes that are registered by name; empty when some are found in another way."""
        names: set[str] = set()
        for word in (*_REGISTERING, "tools"):
            for module, node in self._code.occurrences(word, frozenset(("call", "pair")), 3):
                scope = self._evaluator.scope_at(Scope(module), node)
                if node.type == "pair":
                    values = [self._evaluator.node(node.child_by_field_name("value"), scope)]
                else:
                    record = self._records.record(node, scope)
                    values = list(record.args) if record is not None and record.name == word != "tools" else []
                for value in values:
                    items = value if isinstance(value, list) else [value]
                    if any(not isinstance(item, Symbol | Record | FunctionValue) for item in items):
                        return set()
                    if word in _REGISTERING and any(isinstance(item, Record) for item in items):
                        return set()
                    names |= {item.last for item in items if isinstance(item, Symbol)}
        return names

    def _read(self, chain: Chain) -> dict[str, Any] | None:
        """Read a tool that a call defines: by names, or by a block that describes it."""
        record = chain[0]
        named = dict(record.named)
        if record.name == "define" and not (isinstance(record.owner, Symbol) and record.owner.last == "Tool"):
            return None
        if record.name == "tool" and (not record.args or record.owner is not None):
            return None
        block = next((arg for arg in record.args if isinstance(arg, FunctionValue)), None)
        if record.name == "tool":
            if block is None:
                return None
            return self._block_tool(record.args[0], block)
        if "name" not in named:
            return None
        schema = named.get("input_schema")
        return {
            "name": named["name"],
            "title": prose(named.get("title")),
            "description": prose(named.get("description")),
            "input_schema": hash_schema(schema) if schema is not None else None,
            "annotations": _hints(named.get("annotations")),
        }

    def _block_tool(self, name: Value, block: FunctionValue) -> dict[str, Any] | None:
        body = block.node.child_by_field_name("body")
        said: dict[str, Record] = {}
        for statement in body.named_children if body is not None else ():
            if statement.type == "call":
                record = self._records.record(statement, block.scope)
                if record is not None:
                    said.setdefault(record.chain()[0].name, record)
        if "description" not in said:
            return None
        return {
            "name": name,
            "description": prose(_first(said["description"])),
            "input_schema": self._schemas.of_block(block),
        }


def _default_name(declaration: Declaration, lineage: str) -> str:
    """Name a tool after its class: in snake case, or as its full name is where the library keeps that."""
    if _CLASS_NAMES.search(lineage):
        names = [declaration.name]
        holder = enclosing(declaration.node.parent, frozenset(("module", "class")))
        while holder is not None:
            names.insert(0, text_of(holder.child_by_field_name("name")))
            holder = enclosing(holder.parent, frozenset(("module", "class")))
        return re.sub(r"[^a-zA-Z0-9_-]", "", "".join(names))
    name = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z\d])(?=[A-Z])", "_", declaration.name)
    return name.lower()


def _first(record: Record | None) -> Value:
    return record.args[0] if record is not None and record.args else None


def _annotations(record: Record | None) -> dict[str, Any]:
    if record is None:
        return {}
    return _hints(record.args[0] if record.args else dict(record.named))


def _hints(value: Value) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    found: dict[str, Any] = {_HINTS[key]: hint(item) for key, item in value.items() if key in _HINTS}
    found |= {"title": prose(value.get("title"))}
    return {key: item for key, item in found.items() if item is not None}
