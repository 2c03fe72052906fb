"""The operations of an OpenAPI or Swagger document, and what arguments a tool made of one takes.

References are resolved within the document only, to a depth and with a budget; what lies deeper is left open.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
MAX_OPERATIONS: Final = 5_000
_MAX_DEPTH: Final = 12
_MAX_NODES: Final = 4_000
_MAX_HOPS: Final = 20
_JSON = re.compile(r"application/(?:[\w.+-]{1,60}\+)?json|\*/\*")
_KEPT = ("description", "enum", "format", "default", "minimum", "maximum", "minLength", "maxLength", "pattern", "items")


@dataclass(frozen=True, slots=True)
class Reading:
    """What of an operation the loading code makes arguments of, beside path, query and a JSON body."""

    headers: bool = True
    contents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `said` is its object with the path's common parameters in it."""

    method: str
    path: str
    said: Mapping[str, Any]

    @property
    def identity(self) -> str | None:
        """The operation's own name; None when the document gives none."""
        value = self.said.get("operationId")
        return value if isinstance(value, str) and value else None

    @property
    def description(self) -> str | None:
        """What it says of itself: the longer text, else the line."""
        texts = [self.said.get(key) for key in ("description", "summary")]
        return next((text for text in texts if isinstance(text, str) and text), None)


def operations_of(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Give a document's operations in its own order."""
    count = 0
    paths = document.get("paths")
    for path, given in paths.items() if isinstance(paths, dict) else ():
        item = resolved(document, given)
        if not isinstance(path, str) or not isinstance(item, dict):
            continue
        for method in METHODS:
            said = item.get(method)
            if isinstance(said, dict) and count < MAX_OPERATIONS:
                count += 1
                parameters = [*_listed(item.get("parameters")), *_listed(said.get("parameters"))]
                yield Operation(method, path, {**said, "parameters": parameters})


def input_schema(document: Mapping[str, Any], operation: Operation, reading: Reading) -> dict[str, Any]:
    """Give the schema of a tool's arguments: parameters by name, and the fields of the body."""
    expansion = _Expansion(document)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for given in operation.said["parameters"]:
        parameter = resolved(document, given)
        if not isinstance(parameter, dict) or not isinstance(parameter.get("name"), str):
            continue
        if parameter.get("in") == "body":
            _add_body(expansion, parameter.get("schema"), properties, required)
        elif parameter.get("in") != "cookie" and (reading.headers or parameter.get("in") != "header"):
            properties[parameter["name"]] = _of_parameter(expansion, parameter)
            if parameter.get("required") is True:
                required.append(parameter["name"])
    body = resolved(document, operation.said.get("requestBody"))
    if isinstance(body, dict):
        _add_body(expansion, _body_schema(body, reading), properties, required)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": list(dict.fromkeys(required))} if required else schema


def resolved(document: Mapping[str, Any], value: Any) -> Any:
    """Follow a chain of references inside the document; None when it leads out of it or round in circles."""
    for _ in range(_MAX_HOPS):
        reference = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(reference, str):
            return value
        value = _at(document, reference)
    return None


def _at(document: Mapping[str, Any], reference: str) -> Any:
    if not reference.startswith("#/") or len(reference) > 1_000:
        return None
    value: Any = document
    for part in reference[2:].split("/"):
        key = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        value = value.get(key) if isinstance(value, dict) else None
    return value


class _Expansion:
    """Schemas with references put in place, within one operation's budget; a schema inside itself stays open."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._left = _MAX_NODES
        self._open: list[str] = []

    def expand(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > _MAX_DEPTH:
            return {}
        if isinstance(value, list):
            return [self.expand(one, depth + 1) for one in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return {str(key): self.expand(one, depth + 1) for key, one in value.items()}
        if reference in self._open:
            return {}
        self._open.append(reference)
        try:
            return self.expand(_at(self._document, reference) or {}, depth + 1)
        finally:
            self._open.pop()


def _of_parameter(expansion: _Expansion, parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema = expansion.expand(parameter.get("schema"))
    if not isinstance(schema, dict):  # as Swagger 2 has it: the type beside the name
        schema = {key: expansion.expand(parameter[key]) for key in ("type", *_KEPT) if key in parameter}
    told = parameter.get("description")
    return {**schema, "description": told} if isinstance(told, str) and told else schema


def _body_schema(body: Mapping[str, Any], reading: Reading) -> Any:
    content = body.get("content")
    if not isinstance(content, dict):
        return None
    for wanted in (*reading.contents, _JSON):
        for kind, media in content.items():
            fits = kind == wanted if isinstance(wanted, str) else _JSON.match(str(kind)) is not None
            if fits and isinstance(media, dict):
                return media.get("schema")
    return None


def _add_body(expansion: _Expansion, given: Any, properties: dict[str, Any], required: list[str]) -> None:
    """Put a body's fields beside the parameters; a body that is no object is one argument."""
    schema = _merged(expansion.expand(given))
    if not isinstance(schema, dict) or not schema:
        return
    fields = schema.get("properties")
    if isinstance(fields, dict):
        properties.update(fields)
        required += [name for name in _listed(schema.get("required")) if isinstance(name, str) and name in fields]
    elif schema.get("type") != "object":
        properties["body"] = schema


def _merged(schema: Any) -> Any:
    """Put the parts of an `allOf` together, as far as they say fields."""
    parts = schema.get("allOf") if isinstance(schema, dict) else None
    if not isinstance(parts, list):
        return schema
    fields: dict[str, Any] = {}
    required: list[Any] = []
    for part in (*parts, schema):
        if isinstance(part, dict):
            fields |= part["properties"] if isinstance(part.get("properties"), dict) else {}
            required += _listed(part.get("required"))
    return {"type": "object", "properties": fields, "required": required} if fields else schema


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
