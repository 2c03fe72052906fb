"""Input schemas of Go tools: options that build them one parameter at a time, and structs with their tags."""

import re
from typing import Any

from crawler.extractors.codebase import Codebase, Module
from crawler.extractors.expressions import Field, Record, TypeBody, Value
from crawler.extractors.go_syntax import struct_body
from crawler.extractors.json_schema import MAX_DEPTH, object_schema, written_schema
from crawler.extractors.tool_records import functions_in, hint, prose

_TYPES = {
    "string": "string", "bool": "boolean", "float32": "number", "float64": "number", "byte": "integer",
    "rune": "integer", "time.Time": "string", "time.Duration": "integer", "uuid.UUID": "string",
    "json.Number": "number",
    **dict.fromkeys((f"{sign}int{size}" for sign in ("", "u") for size in ("", "8", "16", "32", "64")), "integer"),
}  # fmt: skip
_OPEN = ("any", "interface{}", "json.RawMessage")
_OPTION_TYPES = {
    "WithString": "string", "WithNumber": "number", "WithInteger": "integer", "WithBoolean": "boolean",
    "WithBool": "boolean", "WithInt": "integer", "WithFloat": "number", "WithObject": "object", "WithArray": "array",
    "WithStringArray": "array", "WithAny": "",
}  # fmt: skip
_KEYWORDS = {
    "Description": "description", "Title": "title", "DefaultString": "default", "DefaultNumber": "default",
    "DefaultBool": "default", "DefaultArray": "default", "DefaultValue": "default", "Default": "default",
    "Min": "minimum", "Max": "maximum", "MinLength": "minLength", "MaxLength": "maxLength", "Pattern": "pattern",
    "MultipleOf": "multipleOf", "MinItems": "minItems", "MaxItems": "maxItems", "UniqueItems": "uniqueItems",
    "Items": "items", "Properties": "properties", "AdditionalProperties": "additionalProperties",
}  # fmt: skip
OPTIONS = frozenset((*_OPTION_TYPES, *_KEYWORDS, "Required", "Enum", "WithStringItems", "WithStringEnumItems"))
_TAG = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')
_TAG_WORD = re.compile(
    r"^(?:required|optional|(?:description|title|enum|default|minimum|maximum|type|example|format)=.*)$", re.DOTALL
)


def option_schema(options: list[Record]) -> dict[str, Any] | None:
    """Give the schema that parameter options (WithString and its kind) build; None when there are none."""
    properties: dict[str, Any] = {}
    required = []
    for option in options:
        kind = re.sub(r"^With(?:Required|Optional)", "With", option.name)
        if kind not in _OPTION_TYPES or not option.args or not isinstance(option.args[0], str):
            continue
        name, *traits = option.args
        properties[name] = _property(kind, traits)
        needed = any(isinstance(trait, Record) and trait.name == "Required" for trait in traits)
        if needed or option.name.startswith("WithRequired"):
            required.append(name)
    return object_schema(properties, required) if properties else None


def _property(option: str, traits: list[Value]) -> dict[str, Any]:
    kind = _OPTION_TYPES[option]
    schema: dict[str, Any] = {"type": kind} if kind else {}
    if option == "WithStringArray":
        schema["items"] = {"type": "string"}
    if traits and isinstance(traits[0], str):
        schema["description"] = traits[0]
    for trait in traits:
        if not isinstance(trait, Record):
            continue
        if trait.name in ("Enum", "WithStringEnumItems"):
            values = [value for arg in trait.args for value in (arg if isinstance(arg, list) else [arg])]
            known = [value for value in values if isinstance(value, str | int)]
            schema |= {"enum": known} if trait.name == "Enum" else {"items": {"type": "string", "enum": known}}
        elif trait.name == "WithStringItems":
            schema["items"] = {"type": "string"}
        elif trait.name in _KEYWORDS and trait.args:
            value = prose(trait.args[0]) if trait.name == "Description" else written_schema(trait.args[0])
            if isinstance(value, str | int | float | bool | list | dict):
                schema[_KEYWORDS[trait.name]] = value
    return schema


class StructSchemas:
    """Schemas of the structs of one codebase."""

    def __init__(self, code: Codebase) -> None:
        self._code = code
        self._open: set[str] = set()  # types that are being laid out: one that holds itself stays open inside

    def of(self, type_: str, near: Module, depth: int = 0) -> dict[str, Any]:
        """Give the schema of a type by its source text, open where it is not of this codebase."""
        type_ = type_.strip().lstrip("*").strip()
        if type_ in _TYPES:
            return {"type": _TYPES[type_]}
        if type_ in _OPEN or depth > MAX_DEPTH:
            return {}
        if type_ == "[]byte":
            return {"type": "string"}
        if type_.startswith("["):
            return {"type": "array", "items": self.of(type_.partition("]")[2], near, depth + 1)}
        if type_.startswith("map["):
            return {"type": "object", "additionalProperties": self.of(type_.partition("]")[2], near, depth + 1)}
        return self._named(type_, near, depth)

    def struct(self, type_: str, near: Module) -> dict[str, Any] | None:
        """Give the schema of a struct of this codebase; None when the type is none."""
        if type_.lstrip("*").startswith("struct{") or not re.match(r"^\*?[\w.]+$", type_):
            return None
        body, module = self._body(type_.lstrip("*"), near)
        return self._object(body, module, 0) if body is not None and module is not None and _is_struct(body) else None

    def _named(self, type_: str, near: Module, depth: int) -> dict[str, Any]:
        body, module = self._body(type_, near)
        if body is None or module is None or type_ in self._open:
            return {}
        self._open.add(type_)
        try:
            return self._laid_out(body, module, depth)
        finally:
            self._open.discard(type_)

    def _laid_out(self, body: TypeBody, module: Module, depth: int) -> dict[str, Any]:
        if body.fields or not body.bases:
            return self._object(body, module, depth)
        if _is_struct(body):
            return self._object(body, module, depth)
        return self.of(body.bases[0], module, depth + 1)

    def _body(self, type_: str, near: Module) -> tuple[TypeBody | None, Module | None]:
        package, _, name = type_.rpartition(".")
        found = self._code.lookup(name, near, package)
        if found is None or found.kind != "type":
            return None, None
        return self._code.dialect.type_body(found), found.module

    def _object(self, body: TypeBody, module: Module, depth: int) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        required: list[str] = []
        spelled = any("jsonschema" in one.tag and "required" in one.tag for one in body.fields)
        for base in body.bases if depth <= MAX_DEPTH else ():
            inner, where = self._body(base.lstrip("*"), module)
            if inner is not None and where is not None:
                embedded = self._object(inner, where, depth + 1)
                properties |= embedded["properties"]
                required += embedded.get("required", [])
        for one in body.fields:
            self._add(one, module, depth, spelled=spelled, into=(properties, required))
        return object_schema(properties, required)

    def _add(
        self, one: Field, module: Module, depth: int, *, spelled: bool, into: tuple[dict[str, Any], list[str]]
    ) -> None:
        tags = dict(_TAG.findall(one.tag))
        name, *traits = tags.get("json", one.name).split(",")
        if name == "-" or not one.name[:1].isupper():
            return
        name = name or one.name
        schema = self._field(one, module, depth) | _tag_schema(tags)
        into[0][name] = schema
        words = tags.get("jsonschema", "").split(",")
        optional = "omitempty" in traits or "omitzero" in traits
        if "required" in words or tags.get("required") == "true" or not (spelled or optional or "required" in tags):
            into[1].append(name)

    def _field(self, one: Field, module: Module, depth: int) -> dict[str, Any]:
        struct = one.node.child_by_field_name("type") if one.node is not None else None
        while struct is not None and struct.type in ("pointer_type", "slice_type") and struct.named_children:
            struct = struct.named_children[-1]
        if struct is not None and struct.type == "struct_type" and depth <= MAX_DEPTH:
            inner = self._object(struct_body(struct), module, depth + 1)
            return {"type": "array", "items": inner} if one.type.startswith("[]") else inner
        return self.of(one.type, module, depth + 1)


def _tag_schema(tags: dict[str, str]) -> dict[str, Any]:
    """Read what struct tags say: a description as it stands, or words with values, as the SDKs have it."""
    schema: dict[str, Any] = {}
    text = tags.get("jsonschema", "").replace('\\"', '"').replace("\\\\", "\\")
    parts = re.split(r"(?<!\\),", text) if text else []
    if parts and _TAG_WORD.match(parts[0].strip()):
        enum = [part.partition("=")[2] for part in parts if part.startswith("enum=")]
        given = dict(part.partition("=")[::2] for part in parts if "=" in part)
        for key in ("description", "title", "default", "format"):
            if key in given:
                schema[key] = given[key].replace("\\,", ",")
        schema |= {"enum": enum} if enum else {}
    elif text:
        schema["description"] = text
    described = tags.get("jsonschema_description") or tags.get("description")
    if described:
        schema["description"] = described.replace('\\"', '"')
    if tags.get("enum"):
        schema["enum"] = tags["enum"].split(",")
    return schema


def _is_struct(body: TypeBody) -> bool:
    return bool(body.fields) or not any(base in _TYPES or base[:1] in "[m(f" for base in body.bases)


def handler_type(values: list[Value], schemas: StructSchemas, code: Codebase) -> dict[str, Any] | None:
    """Give the schema of what a tool's handler takes: the last of its parameters that is a struct of this codebase."""
    for value in values:
        if isinstance(value, Record):
            for type_ in value.types:
                schema = schemas.struct(type_, value.scope.module)
                if schema is not None:
                    return schema
    for function in functions_in(values):
        body = code.function(function.scope.module, function.node)
        for parameter in reversed(body.parameters):
            schema = schemas.struct(parameter.type, function.scope.module)
            if schema is not None and "." not in parameter.type:
                return schema
    return None


def annotations_of(value: Value) -> dict[str, Any]:
    """Give the hints and the title that a literal of annotations declares.

    Two hints of the official SDK are plain truth values: in a literal they are never absent, and clients see them.
    """
    if not isinstance(value, Record):
        return {}
    plain = b"modelcontextprotocol/go-sdk" in value.scope.module.data
    found: dict[str, Any] = {"readOnlyHint": False, "idempotentHint": False} if plain else {}
    for key, item in value.named.items():
        name = key[:1].lower() + key[1:]
        found[name] = prose(item) if name == "title" else hint(item)
    return {key: item for key, item in found.items() if item is not None}
