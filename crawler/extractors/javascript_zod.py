"""JSON Schema from zod, by what is called rather than by what the library is called: bundles rename it."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_values import OpenObject

MAX_SCHEMA_DEPTH: Final = 30
MAX_SCHEMA_NODES: Final = 20_000

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
_BUNDLED = re.compile(r"_?([a-z][A-Za-z]{2,20}?)(?:Type)?(?:\$?\d{1,3})?")
_FORMATS = {"email": "email", "url": "uri", "uuid": "uuid", "datetime": "date-time", "date": "date", "ip": "ip"}


@dataclass(frozen=True, slots=True)
class ZodValue:
    """A zod schema as a value: its JSON Schema, whether it may be left out, and an object's own shape."""

    json: dict[str, Any]
    optional: bool = False
    shape: dict[str, Any] | None = None

    def javascript_property(self, name: str) -> Any:
        """Give a property that schemas have in JavaScript."""
        if name == "shape":
            return self.shape if self.shape is not None else UNKNOWN
        choices = self.json.get("enum")
        if isinstance(choices, list) and name == "options":
            return choices
        if isinstance(choices, list) and name in ("enum", "Enum", "Values"):
            return {one: one for one in choices if isinstance(one, str)}
        return UNKNOWN


def is_zod_root(text: str) -> bool:
    """Tell whether an expression reads like the zod namespace: `z`, `zod_1.z`, `z2`, `z.coerce`."""
    return len(text) < 80 and _ROOT.search(text) is not None


def bundled_constructor(name: str) -> str | None:
    """Give the constructor that a bundle's own function is by its name: `stringType`, `_enum2`, `object$1`."""
    match = _BUNDLED.fullmatch(name)
    return match.group(1) if match is not None and match.group(1) in CONSTRUCTORS else None


def construct(method: str, values: list[Any]) -> ZodValue | None:
    """Give what a zod constructor makes; None when it is no constructor."""
    first = values[0] if values else None
    if method in _TYPES:
        return ZodValue(dict(_TYPES[method]))
    if method in ("object", "strictObject", "looseObject"):
        return object_of(first if isinstance(first, dict) else {} if first is None else OpenObject())
    if method in ("optional", "nullable") and isinstance(first, ZodValue):
        return chain(first, method, [])
    if method == "literal":
        return ZodValue(
            {"enum": plain(first)} if isinstance(first, list) else {"const": first} if _is_scalar(first) else {}
        )
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
    """Make an object schema of a shape, whose values are schemas or unknown."""
    properties = {name: schema_of(one) or {} for name, one in shape.items()}
    required = [name for name, one in shape.items() if isinstance(one, ZodValue) and not one.optional]
    json = {"type": "object", "properties": properties, **({"required": required} if required else {})}
    return ZodValue(json, shape=shape)


def unknown_parts(value: Any) -> tuple[str, ...]:
    """Name what of an input schema, a raw shape or a literal schema could not be known, as paths."""
    if value is UNKNOWN:
        return ("inputSchema",)
    shape = value.shape if isinstance(value, ZodValue) else value
    if not isinstance(value, ZodValue) and isinstance(shape, dict) and _is_literal(shape):
        if shape.get("properties") is UNKNOWN:
            return ("inputSchema.properties",)
        shape = shape.get("properties")
    if not isinstance(shape, dict):
        return ()
    some = tuple(f"inputSchema.properties.{name}" for name, one in shape.items() if one is UNKNOWN)
    return (*(("inputSchema.properties",) if isinstance(shape, OpenObject) else ()), *some)


def _is_literal(schema: dict[str, Any]) -> bool:
    return isinstance(schema.get("type"), str) or isinstance(schema.get("properties"), dict) or "$ref" in schema


def chain(schema: ZodValue, method: str, values: list[Any]) -> ZodValue:
    """Give what a method of a schema makes of it; one that only checks or transforms changes nothing here."""
    first = values[0] if values else None
    if method in ("optional", "nullish"):
        return replace(schema if method == "optional" else chain(schema, "nullable", []), optional=True)
    if method == "nullable":
        return replace(schema, json={"anyOf": [schema.json, {"type": "null"}]})
    if method in ("default", "prefault", "catch"):
        given = {"default": plain(first)} if method != "catch" and _is_json(first) else {}
        return replace(schema, json={**schema.json, **given}, optional=True)
    if method == "describe":
        return _with(schema, description=first) if isinstance(first, str) else schema
    if method in ("meta", "openapi") and isinstance(first, dict):
        return _with(schema, **{key: first[key] for key in ("description", "title") if isinstance(first.get(key), str)})
    if method == "array":
        return ZodValue({"type": "array", "items": schema.json})
    if method in ("unwrap", "innerType", "removeDefault", "nonoptional"):
        return replace(schema, optional=False)
    if method == "or":
        return ZodValue({"anyOf": [schema.json, schema_of(first) or {}]})
    if schema.shape is not None:
        return _reshaped(schema, method, first)
    return _constrained(schema, method, first)


def _reshaped(schema: ZodValue, method: str, first: Any) -> ZodValue:
    shape = schema.shape if schema.shape is not None else {}
    more = first.shape if isinstance(first, ZodValue) else first
    about = {key: schema.json[key] for key in ("description",) if key in schema.json}
    if method in ("extend", "merge", "safeExtend", "and", "augment", "setKey"):
        return _with(object_of(_joined(shape, more)), **about)
    if method in ("pick", "omit"):
        named = more if isinstance(more, dict) else {}
        kept = {name: one for name, one in shape.items() if (name in named) is (method == "pick")}
        is_open = isinstance(shape, OpenObject) or not isinstance(more, dict) or isinstance(more, OpenObject)
        return _with(object_of(OpenObject(kept) if is_open else kept), **about)
    if method in ("partial", "deepPartial", "required"):
        named = more if isinstance(more, dict) else shape
        changed = {
            name: replace(one, optional=method != "required") if isinstance(one, ZodValue) and name in named else one
            for name, one in shape.items()
        }
        return _with(object_of(OpenObject(changed) if isinstance(shape, OpenObject) else changed), **about)
    if method == "keyof":
        return ZodValue({"type": "string", "enum": list(shape)})
    return schema


def _joined(shape: dict[str, Any], more: Any) -> dict[str, Any]:
    known = isinstance(more, dict)
    joined = {**shape, **(more if known else {})}
    return OpenObject(joined) if not known or isinstance(shape, OpenObject) or isinstance(more, OpenObject) else joined


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
        if isinstance(value.get("type"), ZodValue) and not isinstance(value.get("description"), ZodValue | None):
            about = {key: one for key, one in value.items() if key in ("description", "default") and _is_scalar(one)}
            return {**value["type"].json, **about}
        return object_of(value).json
    if any(one is UNKNOWN for one in value.values()) and not _is_literal(value):
        return object_of(value).json
    if value and all(isinstance(one, dict) and isinstance(one.get("type"), ZodValue) for one in value.values()):
        # An older way to write a shape: {name: {type: z.string(), description: "…"}}
        typed = {name: ZodValue(schema_of(one, depth + 1) or {}, one["type"].optional) for name, one in value.items()}
        return object_of(typed).json
    literal = plain(value)
    return literal if isinstance(literal, dict) else None


def plain(value: Any) -> Any:
    """Give a value as JSON, what is unknown left out; cut where it is too deep or too large to be a schema."""
    return _plain(value, 0, [MAX_SCHEMA_NODES])


def _plain(value: Any, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if isinstance(value, ZodValue):
        return value.json
    if depth > MAX_SCHEMA_DEPTH or budget[0] < 0:
        return None
    if isinstance(value, dict):
        return {str(key): _plain(one, depth + 1, budget) for key, one in value.items() if _is_json(one)}
    if isinstance(value, list):
        return [_plain(one, depth + 1, budget) for one in value if _is_json(one)]
    return value if _is_json(value) else None


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _is_json(value: Any) -> bool:
    return _is_scalar(value) or isinstance(value, dict | list | ZodValue)


def _with(schema: ZodValue, **changes: Any) -> ZodValue:
    return replace(schema, json={**schema.json, **changes})


def _listed(value: Any) -> list[Any]:
    return value[:200] if isinstance(value, list) else []


def _enumeration(value: Any) -> dict[str, Any]:
    values = list(value.values()) if isinstance(value, dict) else _listed(value)
    known = [one for one in values if isinstance(one, str | int | float)]
    return {"type": "string", "enum": known} if all(isinstance(one, str) for one in known) else {"enum": known}
