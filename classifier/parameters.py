"""The input schema as the rules see it: parameter names, types, choices and descriptions, flattened.

Not a JSON Schema validator: whatever is not a plain property is stepped over, within a step limit.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from catalog.records import JsonObject
from classifier.words import cut_name

PARAMETER_LIMIT = 300
DEPTH_LIMIT = 6
CHOICE_LIMIT = 120
TEXT_LIMIT = 20_000
_ALTERNATIVES = ("anyOf", "oneOf", "allOf")
_BRANCHING = frozenset({"items", *_ALTERNATIVES})
_MAY_HOLD_CHOICES = _BRANCHING | {"enum", "const"}
_EMPTY: Mapping[str, Any] = {}
_Place = tuple[str, Mapping[str, Any]]


class Parameter(NamedTuple):
    """One property of the input schema. `choices` are its enum's strings with their places."""

    name: str
    field: str
    words: frozenset[str]
    kind: str
    description: str
    choices: tuple[tuple[str, str], ...]
    depth: int

    def text(self, field: str) -> str | None:
        """Give the text that evidence may quote under `field`: the name, the description or a choice."""
        if field == self.field:
            return self.name
        if field == f"{self.field}.description":
            return self.description
        return next((choice for place, choice in self.choices if place == field), None)


def read_parameters(schema: JsonObject | None) -> list[Parameter]:
    """Flatten a schema into its parameters, outer ones first, at most `PARAMETER_LIMIT`.

    References inside the schema are followed; a cycle of them ends at the depth limit.
    """
    if not isinstance(schema, Mapping):
        return []
    found: list[Parameter] = []
    level: list[_Place] = [("inputSchema", schema)]
    for depth in range(DEPTH_LIMIT):
        deeper: list[_Place] = []
        for path, node in level:
            deeper += _read_properties(path, node, schema, depth, found)
            if not _BRANCHING.isdisjoint(node):
                deeper += [(place, _follow(child, schema)) for place, child in _branches(path, node)]
            if len(found) >= PARAMETER_LIMIT:
                return found[:PARAMETER_LIMIT]
        if not deeper:
            break
        level = deeper[:PARAMETER_LIMIT]
    return found


def _read_properties(
    path: str, node: Mapping[str, Any], schema: JsonObject, depth: int, found: list[Parameter]
) -> list[_Place]:
    properties = node.get("properties")
    if not isinstance(properties, Mapping):
        return []
    deeper: list[_Place] = []
    for name, given in islice(properties.items(), PARAMETER_LIMIT):
        if not isinstance(name, str):
            continue
        child = given if isinstance(given, dict) else _EMPTY
        if "$ref" in child:
            child = _follow(child, schema)
        field = f"{path}.properties.{name}"
        plain = _MAY_HOLD_CHOICES.isdisjoint(child)
        found.append(_parameter(field, name, child, depth, plain=plain))
        if not plain or "properties" in child:
            deeper.append((field, child))
    return deeper


def _follow(node: Mapping[str, Any], schema: JsonObject) -> Mapping[str, Any]:
    """Give what a node refers to inside the schema, once; what is said beside the reference goes before it."""
    reference = node.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return node
    target: Any = schema
    for step in reference[2:].split("/")[:DEPTH_LIMIT]:
        target = target.get(step) if isinstance(target, Mapping) else None
    return {**target, **node} if isinstance(target, Mapping) else node


def _branches(path: str, node: Mapping[str, Any]) -> Iterator[_Place]:
    items = node.get("items")
    if isinstance(items, Mapping):
        yield f"{path}.items", items
    for key in _ALTERNATIVES:
        options = node.get(key)
        if isinstance(options, list):
            for index, option in enumerate(options[:20]):
                if isinstance(option, Mapping):
                    yield f"{path}.{key}.{index}", option


def _parameter(field: str, name: str, node: Mapping[str, Any], depth: int, *, plain: bool) -> Parameter:
    kind = node.get("type")
    description = node.get("description")
    return Parameter(
        name,
        field,
        _words(name),
        kind if isinstance(kind, str) else "",
        description[:TEXT_LIMIT] if isinstance(description, str) else "",
        () if plain else _choices(field, node),
        depth,
    )


@lru_cache(maxsize=20_000)
def _words(name: str) -> frozenset[str]:
    return frozenset(cut_name(name))


def _choices(field: str, node: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for path, holder in ((field, node), *_branches(field, node)):
        values = holder.get("enum")
        if isinstance(values, list):
            for index, value in enumerate(values[:CHOICE_LIMIT]):
                if isinstance(value, str):
                    found.append((f"{path}.enum.{index}", value[:200]))
        constant = holder.get("const")
        if isinstance(constant, str):
            found.append((f"{path}.const", constant[:200]))
    return tuple(found)
