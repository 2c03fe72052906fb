"""The input schema as the rules see it: parameter names, types, choices and descriptions, flattened.

Not a JSON Schema validator: whatever is not a plain property is stepped over, within a step limit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.records import JsonObject
from classifier.actions import Mention
from classifier.words import cut_name

PARAMETER_LIMIT = 300
DEPTH_LIMIT = 6
CHOICE_LIMIT = 120
TEXT_LIMIT = 2_000
_BRANCHES = ("anyOf", "oneOf", "allOf")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One property of the input schema. `choices` are its enum's strings with their places."""

    name: str
    field: str
    words: frozenset[str]
    kind: str
    description: str
    choices: tuple[tuple[str, str], ...]
    depth: int

    @property
    def mention(self) -> Mention:
        """The parameter's own name as evidence."""
        return Mention(self.field, 0, len(self.name))

    @property
    def texts(self) -> dict[str, str]:
        """The texts that evidence may quote, by field."""
        texts = {self.field: self.name}
        if self.description:
            texts[f"{self.field}.description"] = self.description
        texts.update(self.choices)
        return texts


def read_parameters(schema: JsonObject | None) -> tuple[Parameter, ...]:
    """Flatten a schema into its parameters, outer ones first, at most `PARAMETER_LIMIT`."""
    if not isinstance(schema, Mapping):
        return ()
    found: list[Parameter] = []
    level: list[tuple[str, Mapping[str, Any]]] = [("inputSchema", schema)]
    for depth in range(DEPTH_LIMIT):
        deeper: list[tuple[str, Mapping[str, Any]]] = []
        for path, node in level:
            for field, name, child in _properties(path, node):
                if len(found) >= PARAMETER_LIMIT:
                    return tuple(found)
                found.append(_parameter(field, name, child, depth))
                deeper.append((field, child))
            deeper.extend(_branches(path, node))
        level = deeper[:PARAMETER_LIMIT]
    return tuple(found)


def _properties(path: str, node: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    properties = node.get("properties")
    if isinstance(properties, Mapping):
        for name, child in properties.items():
            if isinstance(name, str):
                yield f"{path}.properties.{name}", name, child if isinstance(child, Mapping) else {}


def _branches(path: str, node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    items = node.get("items")
    if isinstance(items, Mapping):
        yield f"{path}.items", items
    for key in _BRANCHES:
        options = node.get(key)
        if isinstance(options, list):
            for index, option in enumerate(options[:20]):
                if isinstance(option, Mapping):
                    yield f"{path}.{key}.{index}", option


def _parameter(field: str, name: str, node: Mapping[str, Any], depth: int) -> Parameter:
    kind = node.get("type")
    description = node.get("description")
    return Parameter(
        name=name,
        field=field,
        words=frozenset(word.text for word in cut_name(name)),
        kind=kind if isinstance(kind, str) else "",
        description=description[:TEXT_LIMIT] if isinstance(description, str) else "",
        choices=tuple(_choices(field, node)),
        depth=depth,
    )


def _choices(field: str, node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, holder in ((field, node), *_branches(field, node)):
        values = holder.get("enum")
        if isinstance(values, list):
            for index, value in enumerate(values[:CHOICE_LIMIT]):
                if isinstance(value, str):
                    yield f"{path}.enum.{index}", value[:200]
        constant = holder.get("const")
        if isinstance(constant, str):
            yield f"{path}.const", constant[:200]
