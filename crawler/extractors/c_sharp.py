"""Tools of servers written in C#: methods that an attribute makes tools, tools constructed, and command classes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from crawler.extractors.c_sharp_commands import command_tools
from crawler.extractors.c_sharp_schema import TypeSchemas
from crawler.extractors.c_sharp_syntax import CSharpDialect, attributes_of
from crawler.extractors.codebase import Codebase, Module, enclosing
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Call, FunctionValue, Record, Scope, Symbol, Value
from crawler.extractors.extracted import Extracted
from crawler.extractors.json_schema import as_input_schema
from crawler.extractors.source_tools import extract_source
from crawler.extractors.tool_records import Chain, ToolRecords, hint, prose
from crawler.extractors.written_tools import written_tools

_HINTS = {
    "ReadOnly": "readOnlyHint", "ReadOnlyHint": "readOnlyHint", "Destructive": "destructiveHint",
    "DestructiveHint": "destructiveHint", "Idempotent": "idempotentHint", "IdempotentHint": "idempotentHint",
    "OpenWorld": "openWorldHint", "OpenWorldHint": "openWorldHint",
}  # fmt: skip
_ATTRIBUTE = re.compile(rb"\[[^\[\]\n]{0,200}?\b(\w*Tool)(?:Attribute)?\s*[(\],]|\[\s*(\w*Tool)\s*$", re.MULTILINE)
_WORDS = (b"ModelContextProtocol", b"McpServerTool", b"Mcp", b"MCP")
_OBJECTS = frozenset(("anonymous_object_creation_expression", "object_creation_expression"))
_CONSTRUCTED = frozenset(("object_creation_expression", "invocation_expression"))


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's C# files declare."""
    dialect = CSharpDialect(files)
    return extract_source(files, dialect, _WORDS, lambda code: CSharpTools(code, dialect).find())


class CSharpTools:
    """Finds the tools of one C# codebase."""

    def __init__(self, code: Codebase, dialect: CSharpDialect) -> None:
        self._code = code
        self._dialect = dialect
        self._evaluator = Evaluator(code, frozenset(("Tool", "McpServerToolCreateOptions", "Create")))
        self._schemas = TypeSchemas(code, self._evaluator, dialect)
        self._records = ToolRecords(self._evaluator, self._read, "c-sharp-tool")
        self._reasons: list[str] = []

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        found = list(self._attributed())
        for word in ("Tool", "Create"):
            for module, node in self._code.occurrences(word, _CONSTRUCTED, 4):
                if b"odelContextProtocol" in module.data or b"mcp" in module.data.lower():
                    found += self._records.find(module, node)
        found += written_tools(self._code, self._evaluator, _OBJECTS, "c-sharp-tool-object")
        found += command_tools(self._code, self._evaluator, self._dialect)
        reasons = [*self._reasons, *self._records.reasons]
        return found, reasons if found else [*reasons, *self._records.doubts]

    def _attributed(self) -> Iterator[ToolDefinition]:
        names = {match[1] or match[2] for data in self._code.sources.values() for match in _ATTRIBUTE.finditer(data)}
        for name in sorted(names):
            for module, attribute in self._code.occurrences(
                name.decode("ascii", "ignore"), frozenset(("attribute",)), 3
            ):
                method = enclosing(attribute, frozenset(("method_declaration", "class_declaration")))
                if method is not None and method.type == "method_declaration":
                    yield from self._method(module, method, name.decode("ascii", "ignore"))

    def _method(self, module: Module, method: Node, attribute: str) -> Iterator[ToolDefinition]:
        said = attributes_of(self._dialect, method)
        marked = said.get(attribute.removesuffix("Attribute"))
        if marked is None:
            return
        scope = Scope(module, None, self._dialect.owner_of(method))
        named = {key: self._evaluator.evaluate(value, scope) for key, value in marked.named}
        first = self._evaluator.evaluate(marked.args[0], scope) if marked.args else None
        method_name = text_of(method.child_by_field_name("name"))
        name = named.get("Name", first if first is not None else _snake_case(method_name))
        if not isinstance(name, str):
            self._reasons.append(f"{module.path}:{method.start_point[0] + 1}: tool name is computed at run time")
            return
        described = self._text(said.get("Description"), scope) or prose(named.get("Description"))
        title = prose(named.get("Title"))
        yield ToolDefinition(
            name,
            title=title,
            description=described,
            input_schema=self._schemas.signature(self._code.function(module, method).parameters, scope),
            annotations={
                _HINTS[key]: value for key, value in named.items() if key in _HINTS and isinstance(value, bool)
            },
            origin=Origin(module.path, method.start_point[0] + 1, "c-sharp-tool-attribute"),
            conditional="Enabled = false" if named.get("Enabled") is False else self._records.condition(method),
            unresolved=("description",) if "Description" in said and described is None else (),
        )

    def _text(self, attribute: Call | None, scope: Scope) -> str | None:
        return (
            prose(self._evaluator.evaluate(attribute.args[0], scope))
            if attribute is not None and attribute.args
            else None
        )

    def _read(self, chain: Chain) -> dict[str, Any] | None:
        record = chain[0]
        if (
            record.name == "Create"
            and isinstance(record.owner, Symbol)
            and record.owner.last in ("McpServerTool", "AIFunctionFactory")
        ):
            return self._created(record)
        if record.name != "Tool" or "Name" not in record.named:
            return None
        named = record.named
        schema = _schema(named.get("InputSchema"))
        return {
            "name": named["Name"],
            "title": prose(named.get("Title")),
            "description": prose(named.get("Description")),
            "input_schema": schema,
            "annotations": _annotations(named.get("Annotations")),
            "unresolved": ("inputSchema",) if "InputSchema" in named and schema is None else (),
        }

    def _created(self, record: Record) -> dict[str, Any] | None:
        """Read a tool that is made of a function, with options or with its name beside."""
        options = next(
            (value for value in (*record.args[1:], *record.named.values()) if isinstance(value, Record)), None
        )
        named = {**record.named, **(options.named if options is not None else {})}
        function = next((value for value in record.args if isinstance(value, FunctionValue)), None)
        given = named.get("Name", named.get("name"))
        texts = [value for value in record.args[1:] if isinstance(value, str)]
        name = given if given is not None else texts[0] if texts else None
        method = text_of(function.node.child_by_field_name("name")) if function is not None else ""
        if name is None and method:
            name = _snake_case(method)
        if name is None:
            return None
        schema = None
        if function is not None:
            parameters = self._code.function(function.scope.module, function.node).parameters
            schema = self._schemas.signature(parameters, function.scope)
        hints = {_HINTS[key]: hint(value) for key, value in named.items() if key in _HINTS}
        described = named.get("Description", named.get("description", texts[1] if len(texts) > 1 else None))
        return {
            "name": name,
            "title": prose(named.get("Title")),
            "description": prose(described),
            "input_schema": schema,
            "annotations": {key: value for key, value in hints.items() if value is not None},
        }


def _schema(value: Value) -> dict[str, Any] | None:
    """Give a schema that is written out, or parsed at start from its text."""
    if isinstance(value, Record):
        texts = [arg for link in value.chain() for arg in link.args if isinstance(arg, str | dict)]
        return as_input_schema(texts[0]) if texts else None
    return as_input_schema(value) if value is not None else None


def _annotations(value: Value) -> dict[str, Any]:
    if not isinstance(value, Record):
        return {}
    found = {_HINTS[key]: hint(item) for key, item in value.named.items() if key in _HINTS}
    title = prose(value.named.get("Title"))
    return {key: item for key, item in {**found, "title": title}.items() if item is not None}


def _snake_case(method: str) -> str:
    """Name a tool after its method as the SDK does: "Async" left off, in snake case."""
    name = method.removesuffix("Async") or method
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
