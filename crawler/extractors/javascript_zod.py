"""JSON Schema from zod, by what is called rather than by what the library is called: bundles rename it."""

import re
from dataclasses import dataclass, replace
from typing import Any

MAX_SCHEMA_DEPTH = 30

_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "int": {"type": "integer"},
    "bigint": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date-time"},
    "null": {"type": "null"},
    "any": {},
    "unknown": {},
    "custom": {},
    "json": {},
    "email": {"type": "string", "format": "email"},
    "url": {"type": "string", "format": "uri"},
    "uuid": {"type": "string", "format": "uuid"},
    "datetime": {"type": "string", "format": "date-time"},
    "never": {"not": {}},
}
CONSTRUCTORS = frozenset(_TYPES) | frozenset(
    (
        *("literal", "enum", "nativeEnum", "array", "object", "strictObject", "looseObject", "tuple", "union"),
        *("discriminatedUnion", "intersection", "record", "set", "lazy", "optional", "nullable", "preprocess"),
        *("partialRecord", "stringbool", "templateLiteral"),
    )
)
_ROOT = re.compile(r"(?:^|[._$])(?:z|zod|Zod)\d*(?:\.(?:z|default|coerce|iso))*$")
_FORMATS = {"email": "email", "url": "uri", "uuid": "uuid", "datetime": "date-time", "date": "date", "ip": "ip"}


@dataclass(frozen=True, slots=True)
class ZodValue:
    """A zod schema as a value: its JSON Schema, whether it may be left out, and an object's own shape."""

    json: dict[str, Any]
    optional: bool = False
    shape: dict[str, Any] | None = None

    def javascript_property(self, name: str) -> Any:
        """Give a property that schemas have in JavaScript."""
        return self.shape if name == "shape" and self.shape is not None else self


def is_zod_root(text: str) -> bool:
    """Tell whether an expression reads like the zod namespace: `z`, `zod_1.z`, `z2`, `z.coerce`."""
    return len(text) < 80 and _ROOT.search(text) is not None


def construct(method: str, values: list[Any]) -> ZodValue | None:
    """Give what a zod constructor makes; None when it is no constructor."""
    first = values[0] if values else None
    if method in _TYPES:
        return ZodValue(dict(_TYPES[method]))
    if method in ("object", "strictObject", "looseObject"):
        return object_of(first) if isinstance(first, dict) else ZodValue({"type": "object"})
    if method in ("optional", "nullable") and isinstance(first, ZodValue):
        return chain(first, method, [])
    if method == "literal":
        constant = isinstance(first, str | int | float | bool)
        return ZodValue({"enum": first} if isinstance(first, list) else {"const": first} if constant else {})
    if method in ("enum", "nativeEnum"):
        return ZodValue(_enumeration(first))
    if method in ("array", "set"):
        return ZodValue({"type": "array", "items": schema_of(first) or {}})
    if method == "tuple":
        return ZodValue({"type": "array", "prefixItems": [schema_of(one) or {} for one in _listed(first)]})
    return _combined(method, values)


def _combined(method: str, values: list[Any]) -> ZodValue | None:
    last = values[-1] if values else None
    if method in ("union", "discriminatedUnion"):
        return ZodValue({"anyOf": [schema_of(one) or {} for one in _listed(last)]})
    if method == "intersection":
        return ZodValue({"allOf": [schema_of(one) or {} for one in values[:2]]})
    if method in ("record", "partialRecord"):
        return ZodValue({"type": "object", "additionalProperties": schema_of(last) or {}})
    if method in ("lazy", "preprocess"):
        return last if isinstance(last, ZodValue) else ZodValue({})
    return ZodValue({}) if method in CONSTRUCTORS else None


def object_of(shape: dict[str, Any]) -> ZodValue:
    """Make an object schema of a shape, whose values are zod schemas."""
    known = {name: one for name, one in shape.items() if isinstance(name, str)}
    properties = {name: schema_of(one) or {} for name, one in known.items()}
    required = [name for name, one in known.items() if not (isinstance(one, ZodValue) and one.optional)]
    json = {"type": "object", "properties": properties, **({"required": required} if required else {})}
    return ZodValue(json, shape=known)


def chain(schema: ZodValue, method: str, values: list[Any]) -> ZodValue:
    """Give what a method of a schema makes of it; one that only checks or transforms changes nothing here."""
    first = values[0] if values else None
    if method in ("optional", "nullish"):
        return replace(schema if method == "optional" else chain(schema, "nullable", []), optional=True)
    if method == "nullable":
        return replace(schema, json={"anyOf": [schema.json, {"type": "null"}]})
    if method in ("default", "prefault", "catch"):
        simple = first is None or isinstance(first, str | int | float | bool | list | dict)
        return replace(schema, json={**schema.json, **({"default": plain(first)} if simple else {})}, optional=True)
    if method == "describe":
        return _with(schema, description=first) if isinstance(first, str) else schema
    if method in ("meta", "openapi") and isinstance(first, dict):
        return _with(schema, **{key: first[key] for key in ("description", "title") if isinstance(first.get(key), str)})
    if method == "array":
        return ZodValue({"type": "array", "items": schema.json})
    if method == "or":
        return ZodValue({"anyOf": [schema.json, schema_of(first) or {}]})
    if schema.shape is not None:
        return _reshaped(schema, method, first)
    return _constrained(schema, method, first)


def _reshaped(schema: ZodValue, method: str, first: Any) -> ZodValue:
    shape = schema.shape or {}
    more = first.shape if isinstance(first, ZodValue) else first
    about = {key: schema.json[key] for key in ("description",) if key in schema.json}
    if method in ("extend", "merge", "safeExtend", "and", "augment") and isinstance(more, dict):
        return _with(object_of({**shape, **more}), **about)
    if method in ("pick", "omit") and isinstance(more, dict):
        kept = {name: one for name, one in shape.items() if (name in more) is (method == "pick")}
        return _with(object_of(kept), **about)
    if method == "partial":
        loose = {name: replace(one, optional=True) if isinstance(one, ZodValue) else one for name, one in shape.items()}
        return _with(object_of(loose), **about)
    if method == "required":
        firm = {name: replace(one, optional=False) if isinstance(one, ZodValue) else one for name, one in shape.items()}
        return _with(object_of(firm), **about)
    if method == "keyof":
        return ZodValue({"type": "string", "enum": list(shape)})
    return schema


def _constrained(schema: ZodValue, method: str, first: Any) -> ZodValue:
    kind = schema.json.get("type")
    if method == "int":
        return _with(schema, type="integer")
    if method in _FORMATS and kind == "string":
        return _with(schema, format=_FORMATS[method])
    if method in ("positive", "nonnegative") and kind in ("number", "integer"):
        return _with(schema, **({"exclusiveMinimum": 0} if method == "positive" else {"minimum": 0}))
    ends = {"min": "min", "gte": "min", "max": "max", "lte": "max"}
    if method in ends and isinstance(first, int | float) and not isinstance(first, bool):
        suffix = {"string": "Length", "array": "Items"}.get(str(kind), "imum")
        return _with(schema, **{f"{ends[method]}{suffix}": first})
    return schema


def schema_of(value: Any, depth: int = 0) -> dict[str, Any] | None:
    """Give the JSON Schema of a zod schema, a raw shape, or a literal schema; None when it is none of these."""
    if isinstance(value, ZodValue):
        return value.json
    if not isinstance(value, dict) or depth > MAX_SCHEMA_DEPTH:
        return None
    if any(isinstance(one, ZodValue) for one in value.values()):
        if isinstance(value.get("type"), ZodValue) and not isinstance(value.get("description"), ZodValue):
            about = {key: one for key, one in value.items() if key in ("description", "default") and one == plain(one)}
            return {**value["type"].json, **about}
        return object_of(value).json
    if value and all(isinstance(one, dict) and isinstance(one.get("type"), ZodValue) for one in value.values()):
        # mcp-framework's older form: {name: {type: z.string(), description: "…"}}
        typed = {name: ZodValue(schema_of(one, depth + 1) or {}, one["type"].optional) for name, one in value.items()}
        return object_of(typed).json
    literal = plain(value)
    return literal if isinstance(literal, dict) else None


def plain(value: Any, depth: int = 0) -> Any:
    """Give a value as JSON, what is unknown left out."""
    if isinstance(value, ZodValue):
        return value.json
    if depth > MAX_SCHEMA_DEPTH:
        return None
    if isinstance(value, dict):
        return {str(key): plain(one, depth + 1) for key, one in value.items() if _is_json(one)}
    if isinstance(value, list):
        return [plain(one, depth + 1) for one in value if _is_json(one)]
    return value if _is_json(value) else None


def _is_json(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | dict | list | ZodValue)


def _with(schema: ZodValue, **changes: Any) -> ZodValue:
    return replace(schema, json={**schema.json, **changes})


def _listed(value: Any) -> list[Any]:
    return value[:200] if isinstance(value, list) else []


def _enumeration(value: Any) -> dict[str, Any]:
    values = list(value.values()) if isinstance(value, dict) else _listed(value)
    known = [one for one in values if isinstance(one, str | int | float)]
    return {"type": "string", "enum": known} if all(isinstance(one, str) for one in known) else {"enum": known}
