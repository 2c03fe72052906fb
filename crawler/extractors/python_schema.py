"""JSON Schema from Python: signatures, type annotations, Field(...), pydantic models, enums, TypedDicts, dataclasses.

As the SDKs emit it, but for the `title` of each property, which says nothing that its name does not.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_fields import Field, apply_field, fields_of, read_field
from crawler.extractors.python_module import Module
from crawler.extractors.python_names import bases
from crawler.extractors.python_parameters import is_injected, parameters_of
from crawler.extractors.python_references import ClassRef, FunctionRef, Scope, docstring_of
from crawler.extractors.python_strings import read_string
from crawler.extractors.python_syntax import assigned, parse_expression, statements, text_of
from crawler.extractors.python_values import Evaluator

MAX_DEPTH = 24
MAX_SIZE = 4_000
_SIMPLE: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
    "NoneType": {"type": "null"},
    "bytes": {"type": "string", "format": "binary"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "timedelta": {"type": "string", "format": "duration"},
    "Path": {"type": "string", "format": "path"},
    "UUID": {"type": "string", "format": "uuid"},
    "Decimal": {"anyOf": [{"type": "number"}, {"type": "string"}]},
    "EmailStr": {"type": "string", "format": "email"},
    "AnyUrl": {"type": "string", "format": "uri", "minLength": 1},
    "AnyHttpUrl": {"type": "string", "format": "uri", "minLength": 1},
    "HttpUrl": {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2083},
    "IPvAnyAddress": {"type": "string", "format": "ipvanyaddress"},
    "PositiveInt": {"type": "integer", "exclusiveMinimum": 0},
    "NonNegativeInt": {"type": "integer", "minimum": 0},
    "PositiveFloat": {"type": "number", "exclusiveMinimum": 0},
    "NonNegativeFloat": {"type": "number", "minimum": 0},
    "Any": {},
    "object": {},
}
_ARRAYS = frozenset(("list", "List", "Sequence", "Iterable", "Collection", "tuple", "Tuple"))
_SETS = frozenset(("set", "Set", "frozenset", "FrozenSet", "AbstractSet"))
_OBJECTS = frozenset(("dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"))
_MARKS = frozenset(("Annotated", "Required", "NotRequired", "ReadOnly"))
_KINDS: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True, slots=True)
class Property:
    """A parameter's or a field's schema, whether it may be left out, and the name it goes by if not its own."""

    schema: dict[str, Any]
    has_default: bool
    alias: str | None = None


def signature_schema(evaluator: Evaluator, function: FunctionRef) -> dict[str, Any]:
    """Give the input schema that the SDKs derive from a function's parameters; injected ones are left out."""
    writer = _Writer(evaluator)
    scope = Scope(function.module, function.node)
    parameters = [one for one in parameters_of(function.node) if not is_injected(one[1], one[2])]
    return _object((name, writer.property(annotation, default, scope)) for name, annotation, default in parameters)


def model_schema(evaluator: Evaluator, model: ClassRef) -> dict[str, Any]:
    """Give the schema of a pydantic model, dataclass, TypedDict or enum of the package."""
    return _Writer(evaluator).model(model)


class _Writer:
    """Writes one schema; models within models end where they repeat or grow too large."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._open: list[Node] = []
        self._left = MAX_SIZE

    def property(self, annotation: Node | None, default: Node | None, scope: Scope, depth: int = 0) -> Property:
        """Give the schema of what is annotated, marks such as Annotated and NotRequired taken into account."""
        node, optional = annotation, False
        marks: list[Node] = []
        while (inner := _marked(node)) is not None:
            name, parts = inner
            marks = [*parts[1:], *marks]
            optional = optional or name == "NotRequired"
            node = parts[0]
        schema, field = self.annotation(node, scope, depth), Field()
        for mark in marks:
            value = self._evaluator.evaluate(_unwrapped(mark), scope)
            if isinstance(value, str):
                schema["description"] = value
            field = field.merged(read_field(value))
        value = self._evaluator.evaluate(default, scope) if default is not None else ...
        said = read_field(value)
        field = field.merged(said if said is not None else Field(default=value))
        apply_field(schema, field)
        return Property(schema, optional or field.is_optional, field.alias)

    def annotation(self, node: Node | None, scope: Scope, depth: int = 0) -> dict[str, Any]:
        """Give the schema of a type annotation; {} where it says nothing that can be known."""
        self._left -= 1
        if node is None or depth > MAX_DEPTH or self._left < 0:
            return {}
        node = _unwrapped(node)
        if _marked(node) is not None:
            return self.property(node, None, scope, depth + 1).schema
        if node.type == "string":
            text = read_string(node, lambda _: UNKNOWN, UNKNOWN)
            quoted = parse_expression(text) if isinstance(text, str) and len(text) < 2_000 else None
            return self.annotation(quoted, Scope(scope.module), depth + 1)
        if node.type in ("generic_type", "subscript"):
            return self._generic(node, scope, depth)
        if node.type in ("binary_operator", "union_type"):
            return self._union(_union_parts(node), scope, depth)
        if node.type == "none":
            return {"type": "null"}
        return self._named(node, scope, depth)

    def model(self, model: ClassRef, depth: int = 0) -> dict[str, Any]:
        """Give the schema of a class of the package; {} for one that stands inside itself."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0 or model.node in self._open:
            return {}
        about = docstring_of(model.node)
        described = {"description": _cleaned(about)} if about else {}
        members = _enum_members(self._evaluator, model)
        if members is not None:
            return {**_choice(members, always_enum=True), **described}
        self._open.append(model.node)
        try:
            properties = dict(self._fields(model, depth))
        finally:
            self._open.pop()
        return {**_object(properties.items()), **described}

    def _fields(self, model: ClassRef, depth: int) -> Iterator[tuple[str, Property]]:
        for owner in reversed(bases(self._evaluator, model)):
            if owner.node not in self._open:
                self._open.append(owner.node)
                yield from self._fields(owner, depth + 1) if depth <= MAX_DEPTH else ()
                self._open.pop()
        for name, annotation, default in fields_of(model.node):
            yield name, self.property(annotation, default, Scope(model.module, model.node), depth + 1)

    def _named(self, node: Node, scope: Scope, depth: int) -> dict[str, Any]:
        if node.type not in ("identifier", "attribute"):
            return {}
        value = self._evaluator.evaluate(node, scope)
        if isinstance(value, ClassRef):
            return self.model(value, depth + 1)
        name = text_of(node).rsplit(".", 1)[-1]
        if name in _SIMPLE:
            return dict(_SIMPLE[name])
        if name in _ARRAYS or name in _SETS:
            return {"type": "array", "items": {}, **({"uniqueItems": True} if name in _SETS else {})}
        if name in _OBJECTS:
            return {"type": "object", "additionalProperties": True}
        alias = _alias(self._evaluator, text_of(node), scope.module) if node.type == "identifier" else None
        return self.annotation(alias[1], Scope(alias[0]), depth + 1) if alias is not None else {}

    def _generic(self, node: Node, scope: Scope, depth: int) -> dict[str, Any]:
        name, parts = _generic_parts(node)
        if name == "Literal":
            values = [self._evaluator.evaluate(_unwrapped(part), scope) for part in parts]
            return _choice([value for value in values if value is None or type(value) in _KINDS])
        if name in ("Optional", "Union"):
            return self._union([*parts, *([None] if name == "Optional" else [])], scope, depth)
        if name in ("tuple", "Tuple") and len(parts) > 1 and text_of(parts[-1]) != "...":
            items = [self.annotation(part, scope, depth + 1) for part in parts]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        if name in _ARRAYS or name in _SETS:
            items_schema = self.annotation(parts[0] if parts else None, scope, depth + 1)
            return {"type": "array", "items": items_schema, **({"uniqueItems": True} if name in _SETS else {})}
        if name in _OBJECTS:
            values_schema = self.annotation(parts[1], scope, depth + 1) if len(parts) > 1 else {}
            return {"type": "object", "additionalProperties": values_schema or True}
        return {}

    def _union(self, parts: list[Node | None], scope: Scope, depth: int) -> dict[str, Any]:
        schemas: list[dict[str, Any]] = []
        for part in parts[:40]:
            schema = self.annotation(part, scope, depth + 1) if part is not None else {"type": "null"}
            for one in _branches(schema):
                if one not in schemas:
                    schemas.append(one)
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    inner = schema.get("anyOf")
    return inner if isinstance(inner, list) and len(schema) == 1 else [schema]


def _object(properties: Any) -> dict[str, Any]:
    listed = [(one.alias or name, one) for name, one in properties]
    required = [name for name, one in listed if not one.has_default]
    written = {name: one.schema for name, one in listed}
    return {"type": "object", "properties": written, **({"required": required} if required else {})}


def _choice(values: list[Any], *, always_enum: bool = False) -> dict[str, Any]:
    kinds = {_KINDS.get(type(value)) for value in values}
    kind = kinds.pop() if len(kinds) == 1 else None
    typed = {"type": kind} if kind is not None else {}
    return {"const": values[0], **typed} if len(values) == 1 and not always_enum else {"enum": values, **typed}


def _marked(node: Node | None) -> tuple[str, list[Node]] | None:
    """Give the parts of Annotated[...] and its like, None for every other annotation."""
    node = _unwrapped(node) if node is not None else None
    if node is None or node.type not in ("generic_type", "subscript"):
        return None
    name, parts = _generic_parts(node)
    return (name, parts) if name in _MARKS and parts else None


def _generic_parts(node: Node) -> tuple[str, list[Node]]:
    name = text_of(node.named_children[0]).rsplit(".", 1)[-1]
    if node.type == "subscript":
        return name, [one for one in node.children_by_field_name("subscript") if one.type != "comment"]
    listed = next((child for child in node.named_children if child.type == "type_parameter"), None)
    return name, [one for one in (listed.named_children if listed is not None else ()) if one.type != "comment"]


def _union_parts(node: Node) -> list[Node | None]:
    parts: list[Node | None] = []
    stack = [node]
    while stack:
        current = _unwrapped(stack.pop())
        if current.type in ("binary_operator", "union_type"):
            stack += reversed([child for child in current.named_children if child.type != "comment"])
        else:
            parts.append(current)
    return parts


def _unwrapped(node: Node) -> Node:
    for _ in range(MAX_DEPTH):
        if node.type not in ("type", "parenthesized_expression") or not node.named_children:
            break
        node = node.named_children[0]
    return node


def _alias(evaluator: Evaluator, name: str, module: Module, depth: int = 0) -> tuple[Module, Node] | None:
    """Find the expression that a type alias stands for, followed through imports."""
    if name in module.values:
        return module, module.values[name]
    if name in module.imports and depth < 5:
        source, symbol = module.imports[name]
        found = evaluator.package.find(source, module.path)
        return _alias(evaluator, symbol, found, depth + 1) if found is not None and symbol else None
    return None


def _enum_members(evaluator: Evaluator, model: ClassRef) -> list[Any] | None:
    superclasses = text_of(model.node.child_by_field_name("superclasses"))
    if "Enum" not in superclasses:
        return None
    body = model.node.child_by_field_name("body")
    pairs = [pair for statement in statements(body) if (pair := assigned(statement)) is not None] if body else []
    values = [evaluator.evaluate(value, Scope(model.module, value)) for _, value in pairs]
    if "str" in superclasses.strip("()").split(",")[0]:
        values = [one[0] if isinstance(one, list) and len(one) == 1 else one for one in values]
    return [value for value in values if type(value) in _KINDS]


def _cleaned(text: str) -> str:
    return inspect.cleandoc(text)
