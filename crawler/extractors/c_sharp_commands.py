"""Tools that are command classes: a name and a description on each, put into groups whose names come before theirs."""

from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from crawler.extractors.c_sharp_syntax import CSharpDialect, attributes_of
from crawler.extractors.codebase import Codebase, Declaration, Module
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Call, Member, Name, Record, Scope, Value
from crawler.extractors.tool_records import prose

_HINTS = {
    "ReadOnly": "readOnlyHint",
    "Destructive": "destructiveHint",
    "Idempotent": "idempotentHint",
    "OpenWorld": "openWorldHint",
}
_ADDERS = ("AddCommand", "AddTool")
_MAX_GROUPS = 8


def command_tools(code: Codebase, evaluator: Evaluator, dialect: CSharpDialect) -> Iterator[ToolDefinition]:
    """Give the commands that are added to groups, named by the way through the groups."""
    commands = _Commands(code, evaluator, dialect)
    for adder in _ADDERS:
        for module, node in code.occurrences(adder, frozenset(("invocation_expression",)), 4):
            yield from commands.added(module, node)


class _Commands:
    def __init__(self, code: Codebase, evaluator: Evaluator, dialect: CSharpDialect) -> None:
        self._code = code
        self._evaluator = evaluator
        self._dialect = dialect

    def added(self, module: Module, node: Node) -> Iterator[ToolDefinition]:
        """Give the command that a call adds to a group."""
        call = self._dialect.lower(node)
        if not isinstance(call, Call) or not isinstance(call.callee, Member):
            return
        scope = self._evaluator.scope_at(Scope(module), node)
        way = self._way(call.callee.of, scope)
        for type_ in self._types(call, scope):
            found = self._code.lookup(type_.partition("<")[0], module)
            fields = self._described(found) if found is not None and found.kind == "type" else None
            if found is None or fields is None or not isinstance(fields.get("Name"), str) or way is None:
                continue
            name = "_".join([*way, fields["Name"]])
            yield ToolDefinition(
                name,
                title=prose(fields.get("Title")),
                description=prose(fields.get("Description")),
                annotations={
                    _HINTS[key]: value for key, value in fields.items() if key in _HINTS and isinstance(value, bool)
                },
                origin=Origin(found.module.path, found.node.start_point[0] + 1, "c-sharp-command"),
                unresolved=("inputSchema",),
            )

    def _types(self, call: Call, scope: Scope) -> list[str]:
        if call.types:
            return [call.types[0]]
        values = [self._evaluator.evaluate(arg, scope) for arg in call.args]
        return [value.types[0] if value.types else value.name for value in values if isinstance(value, Record)]

    def _way(self, group: Any, scope: Scope) -> list[str] | None:
        """Give the names of the groups from the outermost to this one; None when it is none that is known."""
        way: list[str] = []
        for _ in range(_MAX_GROUPS):
            record = self._evaluator.evaluate(group, scope)
            name = _group_name(record)
            if name is None:
                return None
            way.insert(0, name)
            parent = self._parent(group, scope)
            if parent is None:
                break
            group = parent
        return way

    def _parent(self, group: Any, scope: Scope) -> Any:
        """Give the group that another one is added to, in the same function."""
        if scope.function is None or not isinstance(group, Name):
            return None
        for call in self._code.function(scope.module, scope.function).calls:
            if not isinstance(call, Call) or not isinstance(call.callee, Member) or group not in call.args:
                continue
            if call.callee.name == "AddSubGroup":
                return call.callee.of
        return None

    def _described(self, found: Declaration) -> dict[str, Value] | None:
        """Give what a command says of itself: in an attribute, or in properties that it overrides."""
        scope = Scope(found.module, None, found.name)
        for attribute in attributes_of(self._dialect, found.node).values():
            named = {key: self._evaluator.evaluate(value, scope) for key, value in attribute.named}
            if "Name" in named and "Description" in named:
                return named
        said: dict[str, Value] = {}
        for name in ("Name", "Title", "Description", "Metadata"):
            member = next((one for one in found.module.declared.get(name, ()) if one.owner == found.name), None)
            if member is not None:
                said[name] = self._evaluator.declared_value(member)
        metadata = said.pop("Metadata", None)
        return {**said, **metadata.named} if isinstance(metadata, Record) else said or None


def _group_name(value: Value) -> str | None:
    if not isinstance(value, Record) or not value.name.endswith("Group"):
        return None
    name = value.named.get("name", value.args[0] if value.args else None)
    return name if isinstance(name, str) else None
