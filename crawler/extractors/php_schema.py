"""Input schemas of PHP tools: signatures with DocBlocks and attributes, and builders that chain traits."""

import re
from typing import Any

from crawler.extractors.codebase import Codebase, Module
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Literal, Parameter, Record, Scope, Symbol, Value
from crawler.extractors.json_schema import MAX_DEPTH, object_schema, written_schema
from crawler.extractors.php_syntax import PhpDialect, attributes_of
from crawler.extractors.tool_records import prose

_TYPES = {
    "string": "string", "int": "integer", "integer": "integer", "float": "number", "number": "number",
    "bool": "boolean", "boolean": "boolean", "array": "array", "object": "object", "iterable": "array",
    "stdClass": "object", "DateTime": "string", "DateTimeInterface": "string", "DateTimeImmutable": "string",
}  # fmt: skip
_TRAITS = {
    "description": "description", "title": "title", "enum": "enum", "default": "default", "format": "format",
    "pattern": "pattern", "min": "minimum", "max": "maximum", "items": "items",
}  # fmt: skip
_GIVEN_BY_SERVER = re.compile(
    r"(?:Request|Response|RequestContext|ClientGateway|Session|Logger|LoggerInterface|Context|Container|Service)$"
)


class Schemas:
    """Schemas of one codebase's signatures and builders."""

    def __init__(self, code: Codebase, evaluator: Evaluator, dialect: PhpDialect) -> None:
        self._code = code
        self._evaluator = evaluator
        self._dialect = dialect

    def signature(self, parameters: tuple[Parameter, ...], docs: dict[str, str], scope: Scope) -> dict[str, Any]:
        """Give the schema of what a method takes, with what its DocBlock says of each parameter."""
        properties: dict[str, Any] = {}
        required = []
        for one in parameters:
            if _GIVEN_BY_SERVER.search(one.type.strip("?\\")) and not self._is_enum(one.type, scope.module):
                continue
            schema = self.of_type(one.type, scope.module)
            if docs.get(one.name):
                schema["description"] = docs[one.name]
            said = attributes_of(self._dialect, one.node) if one.node is not None else {}
            if "Schema" in said:
                named = {key: self._evaluator.evaluate(value, scope) for key, value in said["Schema"].named}
                schema |= written_schema({key: value for key, value in named.items() if key != "definition"})
                if isinstance(named.get("definition"), dict):
                    schema |= written_schema(named["definition"])
            if one.default is None and not one.variadic:
                required.append(one.name)
            elif isinstance(one.default, Literal) and one.default.value is not None:
                schema["default"] = one.default.value
            properties[one.name] = schema
        return object_schema(properties, required)

    def of_type(self, type_: str, near: Module) -> dict[str, Any]:
        """Give the schema of a type by its source text, open where it is not of this codebase."""
        name = type_.strip().lstrip("?\\").rpartition("\\")[2]
        parts = [part for part in name.split("|") if part != "null"]
        if len(parts) != 1:
            known = [_TYPES[part] for part in parts if part in _TYPES]
            return {"type": known} if len(known) == len(parts) and known else {}
        if parts[0] in _TYPES:
            return {"type": _TYPES[parts[0]]}
        found = self._code.lookup(parts[0], near)
        if found is None or found.kind != "type" or found.node.type != "enum_declaration":
            return {"type": "object"} if found is not None and found.kind == "type" else {}
        members = self._dialect.type_body(found).members
        values = [self._code.lookup(member, found.module, found.name) for member in members]
        known = [self._evaluator.declared_value(value) for value in values if value is not None]
        return {"type": "string", "enum": known} if all(isinstance(value, str) for value in known) else {"enum": known}

    def _is_enum(self, type_: str, near: Module) -> bool:
        found = self._code.lookup(type_.strip("?\\").rpartition("\\")[2], near)
        return found is not None and found.node.type == "enum_declaration"

    def built(self, value: Value) -> dict[str, Any] | None:
        """Give the schema that a map of builders makes; None when it is no map."""
        if not isinstance(value, dict):
            return None
        if isinstance(value.get("type"), str) or isinstance(value.get("properties"), dict):
            # An array without items is a map without entries just as well.
            schema = written_schema(
                {key: {} if key == "properties" and not item else item for key, item in value.items()}
            )
            return schema if isinstance(schema, dict) else None
        properties: dict[str, Any] = {}
        required = []
        for name, item in value.items():
            properties[name] = self._built(item, 0)
            if isinstance(item, Record) and any(link.name == "required" for link in item.chain()):
                required.append(name)
        return object_schema(properties, required)

    def _built(self, value: Value, depth: int) -> dict[str, Any]:
        if not isinstance(value, Record) or depth > MAX_DEPTH:
            written = written_schema(value)
            return written if isinstance(written, dict) else {}
        schema: dict[str, Any] = {}
        for link in value.chain():
            if link.name in _TYPES:
                schema["type"] = _TYPES[link.name]
                if link.name == "object" and link.args and isinstance(link.args[0], dict):
                    schema |= self.built(link.args[0]) or {}
            elif link.name in _TRAITS and link.args:
                schema |= self._trait(link, schema, depth)
        return schema

    def _trait(self, link: Record, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        keyword, value = _TRAITS[link.name], link.args[0]
        if keyword == "items":
            return {"items": self._built(value, depth + 1)}
        if keyword == "description":
            text = prose(value)
            return {"description": text} if text is not None else {}
        if keyword == "enum" and isinstance(value, Symbol):
            return self.of_type(value.last, link.scope.module)
        if keyword in ("minimum", "maximum"):
            suffix = {"string": "Length", "array": "Items"}.get(str(schema.get("type")))
            keyword = f"{link.name}{suffix}" if suffix else keyword
        return {keyword: value} if isinstance(value, str | int | float | bool | list) else {}
