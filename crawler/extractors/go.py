"""Tools of servers written in Go: constructors with options, literals with fields, and handlers' structs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tree_sitter import Node

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Codebase, Module, enclosing
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Call, FunctionValue, Record, Scope, Symbol, Value
from crawler.extractors.extracted import Extracted
from crawler.extractors.go_schema import OPTIONS, StructSchemas, annotations_of, handler_type, option_schema
from crawler.extractors.go_syntax import GoDialect
from crawler.extractors.json_schema import as_input_schema
from crawler.extractors.source_tools import extract_source
from crawler.extractors.tool_records import Chain, ToolRecords, hint, prose
from crawler.extractors.written_tools import written_tools

_CONSTRUCTORS = ("NewTool", "NewToolWithRawSchema", "RegisterTool", "NewStructuredTool")
_SCHEMA_FIELDS = ("InputSchema", "RawInputSchema", "Schema", "Parameters", "InputSchemaJSON")
_OTHER_FIELDS = ("Description", "Annotations", "Title", "Handler")
_HINTS = {
    "WithReadOnlyHintAnnotation": "readOnlyHint",
    "WithDestructiveHintAnnotation": "destructiveHint",
    "WithIdempotentHintAnnotation": "idempotentHint",
    "WithOpenWorldHintAnnotation": "openWorldHint",
}
_HOLDERS = frozenset(("argument_list", "expression_list", "literal_value", "block", "source_file"))


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Go files declare."""
    return extract_source(files, GoDialect(files), (b"mcp",), _find)


def _find(code: Codebase) -> tuple[list[ToolDefinition], list[str]]:
    return GoTools(code).find()


class GoTools:
    """Finds the tools of one Go codebase."""

    def __init__(self, code: Codebase) -> None:
        self._code = code
        self._evaluator = Evaluator(code, OPTIONS | {*_CONSTRUCTORS, *_HINTS})
        self._schemas = StructSchemas(code)
        self._records = ToolRecords(self._evaluator, self._read, "go-tool")

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        found = []
        for module, node in self._sites():
            found += list(self._records.find(module, node))
        found += written_tools(self._code, self._evaluator, frozenset(("composite_literal",)), "go-tool-map")
        return found, self._records.reasons if found else [*self._records.reasons, *self._records.doubts]

    def _sites(self) -> Iterator[tuple[Module, Node]]:
        for word in _CONSTRUCTORS:
            yield from self._code.occurrences(word, frozenset(("call_expression",)), 4)
        for module in self._code.holding(b"Description:", b"InputSchema:"):
            if b"mcp" in module.data or b"MCP" in module.data:
                yield from _literals(module)

    def _read(self, chain: Chain) -> dict[str, Any] | None:
        record = chain[0]
        fields = self._called(chain) if record.name in _CONSTRUCTORS else self._literal(chain)
        if fields is None:
            return None
        fields["annotations"] = {**fields.get("annotations", {}), **_option_hints(self._options(chain))}
        if fields.get("input_schema") is None:
            fields["input_schema"] = self._beside(chain)
        described = fields.pop("described")
        fields["description"] = prose(described)
        missing = {
            "description": described is not None and fields["description"] is None,
            "inputSchema": fields["input_schema"] is None,
        }
        fields["unresolved"] = tuple(part for part, is_missing in missing.items() if is_missing)
        return fields

    def _options(self, chain: Chain) -> list[Record]:
        """Give the options that a tool is made with; a function that applies several counts as these."""
        found = []
        for record in chain:
            for value in [*record.args, *record.named.values()]:
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, Record):
                        found.append(item)
                    elif isinstance(item, FunctionValue):
                        found += self._applied(item)
        return found

    def _applied(self, function: FunctionValue) -> list[Record]:
        body = self._code.function(function.scope.module, function.node)
        inside = replace(function.scope, function=function.node)
        callees = [call.callee for call in body.calls if isinstance(call, Call)]
        values = [self._evaluator.evaluate(callee, inside) for callee in callees if isinstance(callee, Call)]
        return [value for value in values if isinstance(value, Record)]

    def _set_by_options(self, record: Record) -> dict[str, Any] | None:
        """Give the schema that an option of the snapshot's own puts into the tool."""
        for option in record.args:
            if isinstance(option, FunctionValue):
                tool = self._evaluator.applied(option, Record("Tool", None, [], {}, (), None, option.scope))
                if isinstance(tool, Record) and "InputSchema" in tool.named:
                    return as_input_schema(tool.named["InputSchema"])
        return None

    def _called(self, chain: Chain) -> dict[str, Any] | None:
        record = chain[0]
        if not record.args:
            return None
        name, *rest = record.args
        if isinstance(name, Symbol | list) or any(_is_tool(value) for value in record.args):
            return None  # a wrapper that is handed the tool itself
        options = self._options(chain)
        described = next((one.args[0] for one in options if one.name == "WithDescription" and one.args), None)
        if described is None and rest and not isinstance(rest[0], list):
            described = rest[0]
        schema = option_schema(options) or self._set_by_options(record)
        for one in options:
            if one.name in ("WithRawInputSchema", "WithInputSchema", "WithSchema") and (one.args or one.types):
                schema = as_input_schema(one.args[0]) if one.args else self._schemas.of(one.types[0], one.scope.module)
        if schema is None and record.name == "NewToolWithRawSchema":
            schema = as_input_schema(record.args[-1])
        if schema is None and rest and isinstance(rest[-1], Record) and not rest[-1].name.startswith("With"):
            schema = self._schemas.struct(_type_name(rest[-1]), record.scope.module)
        return {"name": name, "described": described, "input_schema": schema}

    def _literal(self, chain: Chain) -> dict[str, Any] | None:
        named = chain[0].named
        schema_value = next((named[key] for key in _SCHEMA_FIELDS if key in named), None)
        return {
            "name": named.get("Name"),
            "described": named.get("Description"),
            "title": prose(named.get("Title")),
            "input_schema": self._schema(schema_value),
            "annotations": annotations_of(named.get("Annotations")),
        }

    def _schema(self, value: Value) -> dict[str, Any] | None:
        """Give a schema that is written out, or built by options and handed over by a call on what they built."""
        schema = as_input_schema(value) if value is not None else None
        for record in value.chain() if schema is None and isinstance(value, Record) else ():
            schema = schema or option_schema([arg for arg in record.args if isinstance(arg, Record)])
        return schema

    def _beside(self, chain: Chain) -> dict[str, Any] | None:
        """Give the schema of the handler that stands beside the tool, where it is made or where it is added."""
        for record in chain:
            if record.node is None:
                continue
            schema = handler_type(self._neighbours(record.node, record.scope), self._schemas, self._code)
            known = [*record.args, *record.named.values(), *record.scope.bound.values()]
            schema = schema or handler_type(known, self._schemas, self._code)
            if schema is not None:
                return schema
        first = chain[0]
        if first.node is None:
            return None
        for name in _held_as(first.node):
            for module, use in self._uses(name, first.scope.module):
                scope = self._evaluator.scope_at(Scope(module), use)
                schema = handler_type(self._neighbours(use, scope), self._schemas, self._code)
                if schema is not None:
                    return schema
        return _no_parameters(chain)

    def _uses(self, name: str, near: Module) -> list[tuple[Module, Node]]:
        folder = near.path.rpartition("/")[0]
        found = self._code.occurrences(name, frozenset(("argument_list", "literal_value", "literal_element")), 3)
        uses = []
        for module, holder in found:
            if module.path.rpartition("/")[0] == folder or name[:1].isupper():
                uses += [(module, child) for child in holder.named_children if name.encode() in (child.text or b"")]
        return uses[:20]

    def _neighbours(self, node: Node, scope: Scope) -> list[Value]:
        holder = enclosing(node.parent, _HOLDERS)
        if holder is None or holder.type in ("block", "source_file"):
            return []
        values: list[Value] = []
        for child in holder.named_children:
            if child.start_byte <= node.start_byte < child.end_byte or child.type == "comment":
                continue
            value = child.child_by_field_name("value") if child.type == "keyed_element" else child
            values.append(self._evaluator.node(value, scope))
        call = holder.parent
        if call is not None and holder.type == "argument_list":
            record = self._records.record(call, scope)
            if record is not None and record.types:
                values.append(Record("", None, [], {}, record.types, None, record.scope))
        return values


def _literals(module: Module) -> Iterator[tuple[Module, Node]]:
    """Give the literals of a type named after tools that have a name and say more."""
    data = module.data
    start = data.find(b"Name:")
    while start >= 0:
        key = module.root.descendant_for_byte_range(start, start + 4)
        literal = enclosing(key, frozenset(("literal_value",)), 4)
        start = data.find(b"Name:", start + 5)
        if literal is None or not _has_fields(literal):
            continue
        composite = literal.parent
        if composite is not None and composite.type == "composite_literal":
            type_ = composite.child_by_field_name("type")
            if type_ is not None and type_.text is not None and _is_tool_type(type_.text.decode("utf-8", "replace")):
                yield module, composite
        elif composite is not None and _is_tool_list(composite):
            yield module, literal


def _has_fields(literal: Node) -> bool:
    keys = {
        (child.child_by_field_name("key").text or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
        for child in literal.named_children
        if child.type == "keyed_element" and child.child_by_field_name("key") is not None
    }
    return "Name" in keys and bool(keys & {*_SCHEMA_FIELDS, *_OTHER_FIELDS})


def _is_tool_type(text: str) -> bool:
    name = text.rpartition(".")[2]
    return name in ("Tool", "ToolDefinition", "ToolSpec", "ToolInfo", "ToolDef") or name.endswith("Tool")


def _is_tool_list(node: Node) -> bool:
    outer = enclosing(node, frozenset(("composite_literal",)), 6)
    type_ = outer.child_by_field_name("type") if outer is not None else None
    text = (type_.text or b"").decode("utf-8", "replace") if type_ is not None else ""
    return text.startswith(("[]", "map[")) and _is_tool_type(text.rpartition("]")[2].lstrip("*"))


def _option_hints(options: list[Record]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for option in options:
        if option.name in _HINTS and option.args and hint(option.args[0]) is not None:
            found[_HINTS[option.name]] = hint(option.args[0])
        elif option.name == "WithTitleAnnotation" and option.args and prose(option.args[0]):
            found["title"] = prose(option.args[0])
        elif option.name in ("WithToolAnnotation", "WithAnnotations") and option.args:
            found |= annotations_of(option.args[0])
    return found


def _is_tool(value: Value) -> bool:
    return isinstance(value, Record) and (value.name in _CONSTRUCTORS or "Name" in value.named)


def _type_name(record: Record) -> str:
    owner = record.owner.text + "." if isinstance(record.owner, Symbol) else ""
    return owner + record.name


def _held_as(node: Node) -> list[str]:
    """Give the names that a tool is known by: the variable it is put into, or the function that returns it."""
    names = []
    holder = node.parent
    for _ in range(12):
        if holder is None:
            break
        if holder.type in ("var_spec", "short_var_declaration"):
            left = holder.child_by_field_name("left") or holder.child_by_field_name("name")
            names.append(
                (left.text or b"").decode("utf-8", "replace").split(",")[0].strip() if left is not None else ""
            )
        if holder.type in ("function_declaration", "method_declaration"):
            name = holder.child_by_field_name("name")
            names.append((name.text or b"").decode("utf-8", "replace") if name is not None else "")
            break
        holder = holder.parent
    return [name for name in names if len(name) > 1]


def _no_parameters(chain: Chain) -> dict[str, Any] | None:
    """Give the schema of a tool whose constructor lists every parameter as an option, and lists none."""
    first = chain[0]
    with_options = first.name == "NewTool" and all(
        isinstance(value, Record | FunctionValue | str | list) for value in first.args
    )
    return {"type": "object", "properties": {}} if with_options and len(first.args) > 1 else None
