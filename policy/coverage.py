"""A policy document beside its server's tools: what it leaves out, what it says of tools that are not there."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.records import ToolDefinition
from policy.document import EVERY_TOOL, PolicyDocument, ToolRules
from policy.remark import Remark
from policy.rules import ARGUMENTS, Condition, Guard


def compare_with_tools(document: PolicyDocument, definitions: Sequence[ToolDefinition]) -> Iterator[Remark]:
    """Say which tools a document leaves out, which names do not exist, and which rules no real call can meet."""
    known = {definition.name: definition for definition in definitions}
    for place, tool in _named(document):
        if tool not in known and tool != EVERY_TOOL:
            near = difflib.get_close_matches(tool, known, n=1, cutoff=0.6)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield Remark("error", place, f"the server has no tool {tool}{hint}")
    uncovered = [name for name in known if name not in document.tools and not document.hides(name)]
    for name in uncovered:
        if document.default == "allow":
            yield Remark("warning", "default", f"{name} is not covered, so it may be called")
        else:
            yield Remark("note", "default", f"{name} is not covered, so it is denied")
    for tool, rules in document.tools.items():
        if tool in known:
            yield from _against_schema(f"tools.{tool}", rules, known[tool])


def _named(document: PolicyDocument) -> Iterator[tuple[str, str]]:
    for at, tool in enumerate(document.hide or ()):
        yield f"hide[{at}]", tool
    for tool in document.tools:
        yield f"tools.{tool}", tool


def _against_schema(place: str, rules: ToolRules, definition: ToolDefinition) -> Iterator[Remark]:
    schema = definition.input_schema
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(properties, Mapping):
        return
    guards: Sequence[Guard] = rules.deny_if or ()
    conditions = [(f"{place}.require[{at}]", one, True) for at, one in enumerate(rules.require or ())]
    conditions += [
        (f"{place}.deny_if[{at}].conditions[{number}]", one, False)
        for at, guard in enumerate(guards)
        for number, one in enumerate(guard.conditions)
    ]
    for where, condition, demanded in conditions:
        yield from _against_argument(where, condition, properties, demanded=demanded)


def _against_argument(
    where: str, condition: Condition, properties: Mapping[str, Any], *, demanded: bool
) -> Iterator[Remark]:
    name = condition.path.removeprefix(ARGUMENTS).split(".")[0]
    if name not in properties:
        near = difflib.get_close_matches(name, [str(key) for key in properties], n=1, cutoff=0.6)
        hint = f"; did you mean {near[0]}?" if near else ""
        effect = "so this denies every call" if demanded else "so this never fires"
        yield Remark("warning", where, f"the tool's schema has no argument {name}, {effect}{hint}")
        return
    node = properties[name]
    choices = node.get("enum") if isinstance(node, Mapping) else None
    values = [condition.value] if condition.op in ("eq", "neq") else condition.value
    if isinstance(choices, list) and condition.op in ("eq", "in", "neq", "not_in") and isinstance(values, list):
        for value in (one for one in values if one not in choices):
            yield Remark("warning", where, f"{name} is never {value!r} by the tool's schema")
