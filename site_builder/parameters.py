"""A tool's parameters as rows of a table, from a JSON Schema written by strangers.

Not a validator: what is not understood is left open, and nothing is followed deeper than one level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from catalog.records import JsonObject
from site_builder.foreign_text import show_line, show_text

_ROWS = 60
_CHOICES = 8
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "format")
_CONSTRAINING = frozenset({"enum", "const", "default", *_BOUNDS})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: what the schema says of a parameter, in words."""

    name: str
    kind: str
    required: bool
    description: str
    constraints: tuple[str, ...]


def list_parameters(schema: JsonObject | None) -> tuple[tuple[Parameter, ...], int]:
    """List at most 60 top-level parameters in the schema's order, and say how many more there are."""
    properties = _mapping(_mapping(schema).get("properties"))
    required = _mapping(schema).get("required")
    demanded = {name for name in required if isinstance(name, str)} if isinstance(required, list | tuple) else set()
    rows = [
        _parameter(str(name), _mapping(value), required=str(name) in demanded)
        for name, value in islice(properties.items(), _ROWS)
    ]
    return tuple(rows), max(0, len(properties) - _ROWS)


def _parameter(name: str, schema: Mapping[str, Any], *, required: bool) -> Parameter:
    description = schema.get("description")
    return Parameter(
        show_line(name, 120),
        _kind(schema),
        required,
        show_text(description, 600) if isinstance(description, str) else "",
        tuple(_constraints(schema)),
    )


def _kind(schema: Mapping[str, Any]) -> str:
    declared = schema.get("type")
    if isinstance(declared, str) and declared not in ("array", "object"):
        return show_line(declared, 80)
    kinds = [declared] if isinstance(declared, str) else _strings(declared)
    for joined in ("anyOf", "oneOf"):
        if not kinds and isinstance(branches := schema.get(joined), list | tuple):
            kinds = [_branch(branch) for branch in branches[:_CHOICES]]
    if kinds == ["array"]:
        return f"array of {_branch(schema.get('items'))}"
    if kinds == ["object"] and (fields := _mapping(schema.get("properties"))):
        return f"object ({len(fields)} {'field' if len(fields) == 1 else 'fields'})"
    if not kinds:
        return "one of a list" if "enum" in schema else "any"
    return show_line(" or ".join(dict.fromkeys(kinds)), 80)


def _branch(schema: object) -> str:
    declared = _mapping(schema).get("type")
    return show_line(declared, 40) if isinstance(declared, str) else "any"


def _constraints(schema: Mapping[str, Any]) -> list[str]:
    if _CONSTRAINING.isdisjoint(schema):
        return []
    found = []
    choices = schema.get("enum")
    if isinstance(choices, list | tuple) and choices:
        named = ", ".join(_scalar(choice, 60) for choice in choices[:_CHOICES])
        more = f" and {len(choices) - _CHOICES} more" if len(choices) > _CHOICES else ""
        found.append(f"one of: {named}{more}")
    if "const" in schema:
        found.append(f"always {_scalar(schema['const'], 60)}")
    if schema.get("default") is not None:
        found.append(f"default: {_scalar(schema['default'], 80)}")
    found += [f"{bound}: {_scalar(schema[bound], 80)}" for bound in _BOUNDS if bound in schema]
    return found


def _scalar(value: object, limit: int) -> str:
    if isinstance(value, str):
        return show_line(value, limit)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    # Nothing nested is printed: str() of a deep structure recurses as deep as a stranger likes.
    return str(value)[:limit] if isinstance(value, int | float) else "a structure"


def _mapping(value: object) -> Mapping[str, Any]:
    # What was read from JSON is a dict, which is told much sooner than any other mapping.
    return value if isinstance(value, dict) or isinstance(value, Mapping) else {}  # noqa: SIM101


def _strings(value: object) -> list[str]:
    if value is None or isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [item for item in value[:_CHOICES] if isinstance(item, str)]
