"""A server's tools as its source declares them beside those that it lists when it runs.

Pure: no server is asked here. Hints compare as declared; a schema compares by the names of its parameters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from catalog.records import ToolDefinition
from catalog.vocabulary import HINTS

FieldValue = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a tool that is not the same; None is not declared, or not known.

    `foreseen` says that the source was known to complete the field when it runs.
    """

    field: str
    static: FieldValue
    live: FieldValue
    foreseen: bool = False


@dataclass(frozen=True, slots=True)
class ToolDifference:
    """A tool that both have, and where they differ."""

    tool: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two listings of one server beside each other, all names sorted. `same` are alike in every field compared."""

    only_static: tuple[str, ...]
    only_live: tuple[str, ...]
    differing: tuple[ToolDifference, ...]
    same: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Tell whether there is no difference at all."""
        return not (self.only_static or self.only_live or self.differing)


def compare_listings(static: Iterable[ToolDefinition], live: Iterable[ToolDefinition]) -> Comparison:
    """Lay what was read from source beside what the running server lists, tool by tool."""
    declared = {definition.name: definition for definition in static}
    listed = {definition.name: definition for definition in live}
    found = [(name, _differences(declared[name], listed[name])) for name in sorted(declared.keys() & listed.keys())]
    return Comparison(
        only_static=tuple(sorted(declared.keys() - listed.keys())),
        only_live=tuple(sorted(listed.keys() - declared.keys())),
        differing=tuple(ToolDifference(name, differences) for name, differences in found if differences),
        same=tuple(name for name, differences in found if not differences),
    )


def _differences(static: ToolDefinition, live: ToolDefinition) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, value(static), value(live), foreseen=field in static.unresolved)
        for name, field, value in _FIELDS
        if (value(static) or None) != (value(live) or None)
    )


def _description(definition: ToolDefinition) -> FieldValue:
    # Only the ends: an indented text in source and the same text as served are one.
    return definition.description.strip() if definition.description is not None else None


def _parameters(definition: ToolDefinition) -> FieldValue:
    if definition.input_schema is None:
        return None
    properties = definition.input_schema.get("properties")
    return tuple(sorted(map(str, properties))) if isinstance(properties, dict) else ()


def _hints(definition: ToolDefinition) -> FieldValue:
    declared = definition.annotations
    return tuple(f"{hint}={str(declared[hint]).lower()}" for hint in HINTS if isinstance(declared.get(hint), bool))


_FIELDS: tuple[tuple[str, str, Callable[[ToolDefinition], FieldValue]], ...] = (
    ("description", "description", _description),
    ("parameters", "inputSchema", _parameters),
    ("hints", "annotations", _hints),
)
