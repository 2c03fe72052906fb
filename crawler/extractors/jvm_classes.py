"""Tools that are classes of their own: what extends a type named after MCP tools, with a name and a description."""

import re
from collections.abc import Iterator
from typing import Any

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Codebase, Declaration, Module
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Call, Member, Name, Record, Scope, Value
from crawler.extractors.jvm_builders import annotations_of
from crawler.extractors.jvm_dialect import JvmDialect
from crawler.extractors.jvm_instances import Instances
from crawler.extractors.jvm_schema import JvmSchemas, schema_of
from crawler.extractors.tool_records import ToolRecords

_BASE = re.compile(rb"\b((?:Abstract|Base)?M[Cc][Pp]\w{0,40}Tool)\b")
_TYPE_ARGUMENT = re.compile(r"^[^{]{0,2000}?\b(\w*Tool)<\s*([A-Z]\w*)[\s,>]", re.DOTALL)
_MAX_BASES = 20


class ClassTools:
    """Finds the tool classes of one codebase."""

    def __init__(
        self,
        evaluator: Evaluator,
        dialect: JvmDialect,
        schemas: JvmSchemas,
        instances: Instances,
        records: ToolRecords,
    ) -> None:
        self._evaluator = evaluator
        self._code: Codebase = evaluator.code
        self._dialect = dialect
        self._schemas = schemas
        self._instances = instances
        self._records = records

    def find(self) -> Iterator[ToolDefinition]:
        """Give the tools; a class without a name that is written down is none of these."""
        seen = set()
        for one in self._classes():
            if one.node.id in seen or self._dialect.is_abstract(one):
                continue
            seen.add(one.node.id)
            fields = self._read(one)
            if fields is not None:
                yield self._records.definition(one.module, one.node, fields)
            elif "description" in self._evaluator.objects.state(
                self._made(one)
            ) and "name" in self._evaluator.objects.state(self._made(one)):
                line = one.node.start_point[0] + 1
                self._records.reasons.append(f"{one.module.path}:{line}: tool name is computed at run time: {one.name}")

    def _classes(self) -> Iterator[Declaration]:
        names: dict[str, None] = {}
        for data in self._code.sources.values():
            names |= dict.fromkeys(found.decode("ascii", "replace") for found in _BASE.findall(data))
        for name in list(names)[:_MAX_BASES]:
            for module in self._code.holding(name.encode()):
                for one in self._extending(module, name):
                    yield from self._instances.family(one)

    def _extending(self, module: Module, name: str) -> Iterator[Declaration]:
        for declarations in list(module.declared.values()):
            for one in declarations:
                if one.kind == "type" and name in self._dialect.type_body(one).bases:
                    yield one

    def _read(self, one: Declaration) -> dict[str, Any] | None:
        made = self._made(one)
        name, description = self._property(made, "name"), self._property(made, "description")
        described = description is not None or "description" in self._evaluator.objects.state(made)
        if not isinstance(name, str) or not name or not described:
            return None
        schema = self._schema(one, made)
        title = self._property(made, "title")
        missing = [key for key, value in (("description", description), ("inputSchema", schema)) if value is None]
        return {
            "name": name,
            "title": title if isinstance(title, str) and title else None,
            "description": description if isinstance(description, str) else None,
            "input_schema": schema,
            "annotations": annotations_of(self._property(made, "annotations")),
            "unresolved": tuple(sorted({*missing, *(() if isinstance(description, str) else ("description",))})),
        }

    def _made(self, one: Declaration) -> Record:
        return Record(one.name, None, [], {}, (), one.node, Scope(one.module, None, one.name))

    def _property(self, made: Record, name: str) -> Value:
        """Give what a property, or the method that stands for it, gives."""
        state = self._evaluator.objects.state(made)
        if isinstance(state.get(name), str | dict | Record):
            return state[name]
        scope = Scope(made.scope.module, None, made.name, {"it": made})
        for method in (name, f"get{name[:1].upper()}{name[1:]}"):
            value = self._evaluator.evaluate(Call(Member(Name("it"), method)), scope)
            if not isinstance(value, Record) or value.name != method:
                return value
        return None

    def _schema(self, one: Declaration, made: Record) -> dict[str, Any] | None:
        for name in ("inputSchema", "schema", "parameters"):
            schema = schema_of(self._property(made, name), self._schemas)
            if schema is not None:
                return schema
        for holder in self._evaluator.objects.lineage(one):
            argument = _TYPE_ARGUMENT.match(text_of(holder.node)[:4_000])
            schema = self._schemas.object_of(argument[2], holder.module) if argument is not None else None
            if schema is not None:
                return schema if "properties" in schema else {**schema, "properties": {}}
        return None
