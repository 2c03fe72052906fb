"""JSON Schema from TypeBox, whose constructors are JSON Schema's own types with a capital: Type.Object, Type.String."""

import re
from typing import Any

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_values import OpenObject
from crawler.extractors.javascript_zod import ZodValue, object_of, plain, schema_of

_ROOT = re.compile(r"(?:^|[._$])(?:Type|TypeBox|typebox)\d*(?:\.Type)?$")
_SIMPLE = {
    "String": {"type": "string"},
    "Number": {"type": "number"},
    "Integer": {"type": "integer"},
    "Boolean": {"type": "boolean"},
    "Null": {"type": "null"},
    "Any": {},
    "Unknown": {},
}


def is_typebox_root(text: str) -> bool:
    """Tell whether an expression reads like TypeBox's namespace."""
    return _ROOT.search(text) is not None


def construct_typebox(method: str, values: list[Any]) -> ZodValue | None:
    """Give what a TypeBox constructor makes; None when it is none."""
    if method in _SIMPLE:
        return _with_options(ZodValue(dict(_SIMPLE[method])), values[:1])
    first = values[0] if values else UNKNOWN
    if method == "Optional" and isinstance(first, ZodValue):
        return ZodValue(first.json, optional=True, shape=first.shape)
    if method == "Object":
        shape = first if isinstance(first, dict) else OpenObject()
        return _with_options(object_of(shape), values[1:2])
    if method == "Array":
        return _with_options(ZodValue({"type": "array", "items": schema_of(first) or {}}), values[1:2])
    if method == "Literal" and isinstance(first, str | int | float | bool):
        return _with_options(ZodValue({"const": first}), values[1:2])
    if method in ("Union", "Intersect") and isinstance(first, list):
        key = "anyOf" if method == "Union" else "allOf"
        return _with_options(ZodValue({key: [schema_of(one) or {} for one in first]}), values[1:2])
    if method == "Record":
        value = values[1] if len(values) > 1 else UNKNOWN
        return ZodValue({"type": "object", "additionalProperties": schema_of(value) or {}})
    if method == "Enum" and isinstance(first, dict):
        return _with_options(ZodValue({"enum": [one for one in first.values() if isinstance(one, str)]}), values[1:2])
    return None


def _with_options(schema: ZodValue, options: list[Any]) -> ZodValue:
    if not options or not isinstance(options[0], dict):
        return schema
    about = {key: plain(one) for key, one in options[0].items() if one is not UNKNOWN}
    return ZodValue({**schema.json, **about}, optional=schema.optional, shape=schema.shape)
