"""JSON Schema from values of any dialect: objects written out, raw JSON text, and the fields of types.

Each language says how its types are spelled; what is not known is left open, never guessed.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.expressions import FunctionValue, Record, Symbol, Unbound, Value

MAX_DEPTH = 12
_MAX_JSON = 1_000_000
_TYPES = {
    "string": "string", "str": "string", "number": "number", "float": "number", "double": "number",
    "integer": "integer", "int": "integer", "boolean": "boolean", "bool": "boolean",
    "array": "array", "list": "array", "object": "object", "null": "null",
}  # fmt: skip
_KEYWORDS = frozenset(
    (
        "type", "title", "description", "properties", "required", "items", "enum", "const", "default", "examples",
        "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
        "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "additionalProperties",
        "patternProperties", "propertyNames", "prefixItems", "contains", "oneOf", "anyOf", "allOf", "not", "if",
        "then", "else", "nullable", "deprecated", "readOnly", "writeOnly",
    )
)  # fmt: skip


def parse_schema(text: Value) -> dict[str, Any] | None:
    """Read a schema that is written as JSON text; None when it is none."""
    if not isinstance(text, str) or len(text) > _MAX_JSON:
        return None
    try:
        schema = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return schema if isinstance(schema, dict) else None


def written_schema(value: Value, depth: int = 0) -> Any:
    """Give a schema that is written out as maps and as records whose fields are named after keywords."""
    if depth > MAX_DEPTH:
        return {}
    if isinstance(value, Record):
        if not value.named and len(value.args) == 1:
            return written_schema(value.args[0], depth + 1)
        value = {_keyword(key): item for key, item in value.named.items() if _keyword(key) in _KEYWORDS}
    if isinstance(value, Mapping):
        items = ((str(key), _written_item(str(key), item, depth)) for key, item in value.items() if _is_known(item))
        return {key: item for key, item in items if _is_known(item) and (key != "enum" or item)}
    if isinstance(value, list):
        return [item for item in (written_schema(item, depth + 1) for item in value) if _is_known(item)]
    if isinstance(value, Symbol):
        return _TYPES.get(value.last.lower().removeprefix("type"), value.last)
    return value


def _written_item(key: str, value: Value, depth: int) -> Any:
    if key in ("properties", "patternProperties") and isinstance(value, Mapping):
        return {str(name): _object_or_open(written_schema(item, depth + 1)) for name, item in value.items()}
    if key == "type" and isinstance(value, str):
        return _TYPES.get(value.lower(), value)
    return written_schema(value, depth + 1)


def object_schema(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    """Give the schema of an object; `required` is left out when nothing is."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    return schema | ({"required": required} if required else {})


def as_input_schema(value: Value) -> dict[str, Any] | None:
    """Give a tool's input schema from what its source passes for one; None when that is not known."""
    schema = parse_schema(value) if isinstance(value, str) else written_schema(value)
    if not isinstance(schema, dict) or not ({"type", "properties", "$ref", "anyOf", "oneOf", "allOf"} & schema.keys()):
        return None
    return schema if "properties" not in schema or "type" in schema else {"type": "object", **schema}


def type_schema(name: str, types: Mapping[str, str], other: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Give the schema of a type by its name: a plain one of `types`, or what `other` says."""
    return {"type": types[name]} if name in types else other(name)


def _keyword(name: str) -> str:
    return name[:1].lower() + name[1:]


def _is_known(value: Value) -> bool:
    return value is not UNKNOWN and value is not None and not isinstance(value, Unbound | FunctionValue)


def _object_or_open(value: Any) -> Any:
    return value if isinstance(value, dict | bool) else {}
