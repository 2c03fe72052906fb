"""Input schemas of Ruby tools: hashes, and the blocks that list arguments one by one."""

from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import FunctionValue, Record, Symbol, Value
from crawler.extractors.json_schema import MAX_DEPTH, object_schema, written_schema
from crawler.extractors.tool_records import prose

_TYPES = {
    "string": "string", "str?": "string", "text": "string", "symbol": "string", "date": "string", "time": "string",
    "date_time": "string", "integer": "integer", "int?": "integer", "float": "number", "decimal": "number",
    "number": "number", "numeric": "number", "bool": "boolean", "boolean": "boolean", "true": "boolean",
    "trueclass": "boolean", "array": "array", "hash": "object", "object": "object",
}  # fmt: skip
_MACROS = ("filled", "value", "maybe", "array", "hash", "each", "schema")
_BOUNDS = {
    "gt?": "exclusiveMinimum", "gteq?": "minimum", "lt?": "exclusiveMaximum", "lteq?": "maximum",
    "min_size?": "minLength", "max_size?": "maxLength", "format?": "pattern", "included_in?": "enum",
}  # fmt: skip


class ArgumentSchemas:
    """Schemas of argument blocks, read with one evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def of_block(self, block: FunctionValue, depth: int = 0) -> dict[str, Any]:
        """Give the schema of a block whose statements name one argument each."""
        properties: dict[str, Any] = {}
        required: list[str] = []
        for statement in _statements(block.node) if depth <= MAX_DEPTH else ():
            record = self._evaluator.node(statement, block.scope)
            if isinstance(record, Record):
                self._add(record, properties, required, depth)
        return object_schema(properties, required)

    def _add(self, record: Record, properties: dict[str, Any], required: list[str], depth: int) -> None:
        first, *links = record.chain()
        if not first.args or not isinstance(first.args[0], str):
            return
        name = first.args[0]
        schema: dict[str, Any] = {}
        if first.name in ("argument", "property", "param"):
            schema = self._plain(first, depth)
        elif first.name not in ("required", "optional"):
            return
        for link in links:
            schema |= self._link(link, depth)
        properties[name] = schema
        if first.name == "required" or first.named.get("required") is True:
            required.append(name)

    def _plain(self, record: Record, depth: int) -> dict[str, Any]:
        """Give an argument that is described on one line: its type, then its traits by name."""
        type_ = record.named.get("type", record.args[1] if len(record.args) > 1 else None)
        schema = _type(type_)
        for key, keyword in (("enum", "enum"), ("default", "default")):
            if isinstance(record.named.get(key), str | int | float | bool | list):
                schema[keyword] = record.named[key]
        if (text := prose(record.named.get("description"))) is not None:
            schema["description"] = text
        return schema | self._nested(record, depth)

    def _link(self, link: Record, depth: int) -> dict[str, Any]:
        if link.name == "description":
            text = prose(link.args[0]) if link.args else None
            return {"description": text} if text is not None else {}
        if link.name == "default" and link.args:
            return {"default": link.args[0]} if isinstance(link.args[0], str | int | float | bool) else {}
        if link.name not in _MACROS:
            return {}
        schema = _type(next((arg for arg in link.args if not isinstance(arg, FunctionValue)), None))
        if link.name in ("array", "each"):
            schema = {"type": "array", "items": schema} if schema else {"type": "array"}
        elif link.name in ("hash", "schema"):
            schema = {"type": "object"}
        for key, keyword in _BOUNDS.items():
            value = link.named.get(key)
            if isinstance(value, str | int | float | list):
                schema[keyword] = value
        return schema | self._nested(link, depth)

    def _nested(self, record: Record, depth: int) -> dict[str, Any]:
        block = next((arg for arg in record.args if isinstance(arg, FunctionValue)), None)
        if block is None:
            return {}
        inner = self.of_block(block, depth + 1)
        if record.name in ("array", "each"):
            return {"type": "array", "items": inner} if inner["properties"] else {}
        return inner if inner["properties"] else {}


def hash_schema(value: Value) -> dict[str, Any] | None:
    """Give a schema that is written as a hash; None when it is not known."""
    if not isinstance(value, dict):
        return None
    schema = written_schema(value)
    if not isinstance(schema, dict):
        return None
    return {"type": "object", **schema} if "properties" in schema else schema


def _type(value: Value) -> dict[str, Any]:
    name = value.last if isinstance(value, Symbol) else value if isinstance(value, str) else ""
    if isinstance(value, list) and value:
        return {"type": "array", "items": _type(value[0])}
    known = _TYPES.get(name.lower())
    return {"type": known} if known else {}


def _statements(block: Node) -> Iterator[Node]:
    body = block.child_by_field_name("body")
    yield from (one for one in (body.named_children if body is not None else ()) if one.type == "call")
