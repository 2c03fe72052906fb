"""Tools of servers written in PHP: methods marked by an attribute, classes that extend a tool, tools added by call."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from crawler.extractors.codebase import Codebase, Declaration, Module, enclosing
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import FunctionValue, Record, Scope, Symbol, Value
from crawler.extractors.extracted import Extracted
from crawler.extractors.php_schema import Schemas
from crawler.extractors.php_syntax import PhpDialect, attributes_of, doc_of
from crawler.extractors.source_tools import extract_source
from crawler.extractors.tool_records import Chain, ToolRecords, hint, prose
from crawler.extractors.written_tools import written_tools

_WORDS = (b"Mcp", b"MCP", b"mcp")
_METHODS = frozenset(("method_declaration", "class_declaration", "function_definition"))
_ADDERS = ("addTool", "withTool", "registerTool")
_HINTS = {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}
_MARKS = {
    "IsReadOnly": "readOnlyHint",
    "IsDestructive": "destructiveHint",
    "IsIdempotent": "idempotentHint",
    "IsOpenWorld": "openWorldHint",
}


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's PHP files declare."""
    dialect = PhpDialect(files)
    return extract_source(files, dialect, _WORDS, lambda code: PhpTools(code, dialect).find())


class PhpTools:
    """Finds the tools of one PHP codebase."""

    def __init__(self, code: Codebase, dialect: PhpDialect) -> None:
        self._code = code
        self._dialect = dialect
        self._evaluator = Evaluator(code, frozenset(("Tool",)))
        self._schemas = Schemas(code, self._evaluator, dialect)
        self._records = ToolRecords(self._evaluator, self._read, "php-tool")
        self._reasons: list[str] = []

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        found = list(self._marked())
        for module in self._code.holding(b"extends "):
            found += [tool for names in module.declared.values() for one in names for tool in self._class_tool(one)]
        for word in (*_ADDERS, "Tool"):
            for module, node in self._code.occurrences(word, self._dialect.calls, 3):
                if b"mcp" in module.data.lower():
                    found += self._records.find(module, node)
        found += written_tools(self._code, self._evaluator, frozenset(("array_creation_expression",)), "php-tool-array")
        reasons = [*self._reasons, *self._records.reasons]
        return found, reasons if found else [*reasons, *self._records.doubts]

    def _marked(self) -> Iterator[ToolDefinition]:
        """Give the methods, and the classes that are called as one, that an attribute makes tools."""
        for module, attribute in self._code.occurrences("McpTool", frozenset(("attribute",)), 3):
            holder = enclosing(attribute, _METHODS)
            if holder is None:
                continue
            method, name = holder, text_of(holder.child_by_field_name("name"))
            if holder.type == "class_declaration":
                invoked = next((one for one in module.declared.get("__invoke", ()) if one.owner == name), None)
                method = invoked.node if invoked is not None else holder
            elif name == "__invoke":
                name = self._dialect.owner_of(holder)
            scope = Scope(module, None, self._dialect.owner_of(method))
            said = attributes_of(self._dialect, holder).get("McpTool")
            named = {key: self._evaluator.evaluate(value, scope) for key, value in said.named} if said else {}
            places = dict(zip(("name", "description"), said.args if said else (), strict=False))
            named |= {key: self._evaluator.evaluate(value, scope) for key, value in places.items()}
            yield from self._of_method(module, method, {"name": name, **named}, holder)

    def _of_method(self, module: Module, method: Node, named: dict[str, Value], at: Node) -> Iterator[ToolDefinition]:
        scope = Scope(module, None, self._dialect.owner_of(method))
        summary, rest, docs = doc_of(method)
        line = at.start_point[0] + 1
        if not isinstance(named.get("name"), str):
            self._reasons.append(f"{module.path}:{line}: tool name is computed at run time")
            return
        given = prose(named.get("description"))
        described = given if given is not None else "\n\n".join(part for part in (summary, rest) if part)
        parameters = self._code.function(module, method).parameters if method.type != "class_declaration" else ()
        yield ToolDefinition(
            named["name"],
            title=prose(named.get("title")),
            description=described or None,
            input_schema=self._schemas.signature(parameters, docs, scope),
            annotations=_annotations(named.get("annotations")),
            origin=Origin(module.path, line, "php-tool-attribute"),
            unresolved=("description",) if named.get("description") is not None and given is None else (),
        )

    def _class_tool(self, one: Declaration) -> Iterator[ToolDefinition]:
        """Give the tool that a class describes by extending one: in properties, attributes and a schema method."""
        if one.kind != "type" or b"Mcp" not in one.module.data or not self._is_tool_class(one):
            return
        members = {name: self._member(one, name) for name in ("name", "title", "description", "schema", "handle")}
        said = attributes_of(self._dialect, one.node)
        texts: dict[str, Value] = {}
        for name in ("name", "title", "description"):
            mark = said.get(name.capitalize())
            member = members[name]
            if mark is not None and mark.args:
                texts[name] = self._evaluator.evaluate(mark.args[0], Scope(one.module, None, one.name))
            elif member is not None and member.kind == "value":
                texts[name] = self._evaluator.declared_value(member)
            elif member is not None:
                texts[name] = self._returned(member)
        if b"abstract class" in (one.node.text or b"")[:200] or (
            members["handle"] is None and "description" not in texts
        ):
            return
        schema = self._returned(members["schema"]) if members["schema"] is not None else {}
        name = texts.get("name") or _kebab(one.name)
        if isinstance(name, str):
            yield ToolDefinition(
                name,
                title=prose(texts.get("title")),
                description=prose(texts.get("description")),
                input_schema=self._schemas.built(schema) if schema != {} else {"type": "object", "properties": {}},
                annotations={_MARKS[key]: _mark(call.args) for key, call in said.items() if key in _MARKS},
                origin=Origin(one.module.path, one.node.start_point[0] + 1, "php-tool-class"),
                unresolved=("description",) if "description" in texts and prose(texts["description"]) is None else (),
            )

    def _is_tool_class(self, one: Declaration) -> bool:
        """Tell whether a class extends the library's tool, itself or through the program's own base classes."""
        current: Declaration | None = one
        for _ in range(8):
            bases = self._dialect.type_body(current).bases if current is not None else ()
            if not bases or current is None:
                return False
            name = bases[0].rpartition("\\")[2]
            if name == "Tool" or re.search(
                rb"use\s+[\w\\]*Mcp[\w\\]*Tool\s+as\s+" + name.encode() + rb"\b", current.module.data
            ):
                return b"\\Mcp\\" in current.module.data or b"Mcp" in current.module.data
            found = self._code.lookup(name, current.module)
            current = found if found is not None and found.node != current.node else None
        return False

    def _member(self, one: Declaration, name: str) -> Declaration | None:
        return next((member for member in one.module.declared.get(name, ()) if member.owner == one.name), None)

    def _returned(self, member: Declaration) -> Value:
        body = self._code.function(member.module, member.node)
        scope = Scope(member.module, member.node, member.owner)
        return self._evaluator.evaluate(body.returns[-1], scope) if body.returns else {}

    def _read(self, chain: Chain) -> dict[str, Any] | None:
        record = chain[0]
        if record.name in _ADDERS:
            return self._added(record)
        if record.name != "Tool" or record.owner is not None:
            return None
        named = {**dict(zip(("name", "inputSchema", "description"), record.args, strict=False)), **record.named}
        if "name" not in named or not ({"inputSchema", "description"} & named.keys()):
            return None
        return _fields(named, self._schemas.built(named.get("inputSchema")))

    def _added(self, record: Record) -> dict[str, Any] | None:
        """Read a tool that is added with what handles it: a class, a method of one, or a function."""
        handler = record.named.get("handler", record.args[0] if record.args else None)
        named = {**dict(zip(("name", "description"), record.args[1:], strict=False)), **record.named}
        if isinstance(handler, str) and "name" not in named:
            return None
        method, default = self._handler(handler, record.scope.module)
        name = named.get("name") or default
        if name is None or method is None:
            return (
                _fields(named, self._schemas.built(named.get("inputSchema")))
                if isinstance(named.get("name"), str) and "description" in named
                else None
            )
        summary, rest, docs = doc_of(method.node)
        parameters = self._code.function(method.scope.module, method.node).parameters
        fields = _fields({**named, "name": name}, self._schemas.signature(parameters, docs, method.scope))
        fields["description"] = fields["description"] or "\n\n".join(part for part in (summary, rest) if part) or None
        return fields

    def _handler(self, handler: Value, near: Module) -> tuple[FunctionValue | None, str | None]:
        if isinstance(handler, FunctionValue):
            return handler, None
        owner, method = handler, "__invoke"
        if isinstance(handler, list) and len(handler) == 2:
            owner, method = handler
        if not isinstance(owner, Symbol | Record) or not isinstance(method, str):
            return None, None
        class_name = owner.last if isinstance(owner, Symbol) else owner.name
        found = self._code.lookup(method, near, class_name)
        if found is None or found.kind != "function":
            return None, None
        value = FunctionValue(found.node, Scope(found.module, None, found.owner))
        return value, class_name if method == "__invoke" else method


def _fields(named: Mapping[str, Value], schema: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "name": named.get("name"),
        "title": prose(named.get("title")),
        "description": prose(named.get("description")),
        "input_schema": schema,
        "annotations": _annotations(named.get("annotations")),
    }


def _annotations(value: Value) -> dict[str, Any]:
    given = value if isinstance(value, dict) else {}
    if isinstance(value, Record):
        given = {**dict(zip(("title", "readOnlyHint", "destructiveHint"), value.args, strict=False)), **value.named}
    found: dict[str, Any] = {key: hint(item) for key, item in given.items() if key in _HINTS}
    found["title"] = prose(given.get("title"))
    return {key: item for key, item in found.items() if item is not None}


def _mark(args: tuple[Any, ...]) -> bool:
    return not args or getattr(args[0], "value", True) is not False


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
