"""JSON Schema from Python: signatures, annotations, Field(...), pydantic models, enums, TypedDicts, dataclasses.

As the SDKs emit it, but for the `title` of each property, which says nothing that its name does not.
"""

from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_module import Module, assigned, statements, text_of
from crawler.extractors.python_values import CallValue, ClassRef, Evaluator, FunctionRef, Scope, docstring_of

MAX_DEPTH = 24
_A_MODEL = 4  # levels that one model inside another counts for
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
    "Path": {"type": "string", "format": "path"},
    "UUID": {"type": "string", "format": "uuid"},
    "AnyUrl": {"type": "string", "format": "uri", "minLength": 1},
    "HttpUrl": {"type": "string", "format": "uri", "minLength": 1},
    "Any": {},
    "object": {},
}
_ARRAYS = frozenset(("list", "List", "Sequence", "Iterable", "set", "Set", "frozenset", "tuple", "Tuple"))
_OBJECTS = frozenset(("dict", "Dict", "Mapping", "MutableMapping"))
_FIELD_KEYS = {
    "description": "description",
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
    "examples": "examples",
}
_INJECTED = frozenset(("Context", "Depends", "CurrentContext", "CurrentFastMCP", "CurrentRequest", "RequestContext"))


def signature_schema(evaluator: Evaluator, function: FunctionRef) -> dict[str, Any]:
    """Give the input schema that the SDKs derive from a function's parameters; injected ones are left out."""
    properties, required = {}, []
    for name, annotation, default in _parameters(function.node):
        scope = Scope(function.module, function.node)
        if _is_injected(annotation, default):
            continue
        schema, has_default = _property(evaluator, annotation, default, scope)
        properties[name] = schema
        if not has_default:
            required.append(name)
    return _object(properties, required)


def model_schema(evaluator: Evaluator, model: ClassRef, depth: int = 0) -> dict[str, Any]:
    """Give the schema of a pydantic model, dataclass, TypedDict or enum of the package."""
    if depth > MAX_DEPTH or not evaluator.budget.spend():
        return {}
    members = _enum_members(evaluator, model)
    if members is not None:
        kinds = {str: "string", int: "integer"}
        kind = kinds.get(type(members[0])) if members and len({type(one) for one in members}) == 1 else None
        return {"enum": members, **({"type": kind} if kind else {})}
    properties: dict[str, Any] = {}
    required: list[str] = []
    for owner in (*reversed(evaluator.bases(model)), model):
        if owner is not model:
            inherited = model_schema(evaluator, owner, depth + 1)
            properties |= inherited.get("properties", {})
            required += inherited.get("required", [])
            continue
        for name, annotation, default in _fields(owner.node):
            schema, has_default = _property(evaluator, annotation, default, Scope(owner.module, owner.node), depth + 1)
            properties[str(schema.pop("alias", name))] = schema
            if not has_default:
                required.append(name)
    schema = _object(properties, [name for name in properties if name in required])
    doc = docstring_of(model.node)
    return {**schema, "description": doc.strip()} if doc else schema


def annotation_schema(evaluator: Evaluator, node: Node | None, scope: Scope, depth: int = 0) -> dict[str, Any]:
    """Give the schema of a type annotation; {} where it says nothing that can be known."""
    if node is None or depth > MAX_DEPTH:
        return {}
    if node.type in ("type", "parenthesized_expression") and node.named_children:
        return annotation_schema(evaluator, node.named_children[0], scope, depth + 1)
    if node.type in ("generic_type", "subscript"):
        return _generic(evaluator, node, scope, depth)
    if node.type in ("binary_operator", "union_type"):
        return _union(evaluator, _union_parts(node), scope, depth)
    if node.type == "none":
        return {"type": "null"}
    name = text_of(node).rsplit(".", 1)[-1]
    if name in _SIMPLE:
        return dict(_SIMPLE[name])
    if name in _ARRAYS:
        return {"type": "array", "items": {}}
    if name in _OBJECTS:
        return {"type": "object", "additionalProperties": True}
    return _named(evaluator, node, scope, depth)


def _named(evaluator: Evaluator, node: Node, scope: Scope, depth: int) -> dict[str, Any]:
    if node.type not in ("identifier", "attribute"):
        return {}
    value = evaluator.evaluate(node, scope)
    if isinstance(value, ClassRef):
        return model_schema(evaluator, value, depth + _A_MODEL)
    alias = _alias(evaluator, text_of(node), scope.module) if node.type == "identifier" else None
    return annotation_schema(evaluator, alias[1], Scope(alias[0]), depth + 1) if alias else {}


def _alias(evaluator: Evaluator, name: str, module: Module, depth: int = 0) -> tuple[Module, Node] | None:
    """Find the expression that a type alias stands for, followed through imports."""
    if name in module.values:
        return module, module.values[name]
    if name in module.imports and depth < 5:
        source, symbol = module.imports[name]
        found = evaluator.package.find(source, module.path)
        return _alias(evaluator, symbol, found, depth + 1) if found is not None and symbol else None
    return None


def _property(
    evaluator: Evaluator, annotation: Node | None, default: Node | None, scope: Scope, depth: int = 0
) -> tuple[dict[str, Any], bool]:
    """Give a parameter's or field's schema, and whether it may be left out."""
    schema = annotation_schema(evaluator, annotation, scope, depth)
    has_default = schema.pop("has default", False)
    if default is None:
        return schema, has_default
    value = evaluator.evaluate(default, scope)
    if isinstance(value, CallValue) and value.callee.rsplit(".", 1)[-1] in ("Field", "field", "Query", "Body"):
        optional = _apply_field(schema, value)
        return schema, optional or has_default
    if text_of(default) == "...":
        return schema, False
    if value is None or isinstance(value, str | int | float | list | dict):
        _set_default(schema, value)
    return schema, True


def _apply_field(schema: dict[str, Any], field: CallValue) -> bool:
    """Put what a Field(...) says into a schema; tell whether it gives a default."""
    for key, value in field.keywords.items():
        if key in _FIELD_KEYS and value is not UNKNOWN and value is not None:
            target = schema
            if key in ("min_length", "max_length") and schema.get("type") == "array":
                schema[_FIELD_KEYS[key].replace("Length", "Items")] = value
                continue
            target[_FIELD_KEYS[key]] = value
    alias = field.keywords.get("alias")
    if isinstance(alias, str):
        schema["alias"] = alias
    default = field.arguments[0] if field.arguments else field.keywords.get("default", UNKNOWN)
    if default is not UNKNOWN:
        _set_default(schema, default)
        return True
    return "default_factory" in field.keywords or (bool(field.arguments) and field.arguments[0] is None)


def _set_default(schema: dict[str, Any], value: Any) -> None:
    if value is None or (isinstance(value, str | int | float | list | dict) and _is_known(value)):
        schema["default"] = value


def _is_known(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_known(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_known(item) for key, item in value.items())
    return value is None or isinstance(value, str | int | float)


def _generic(evaluator: Evaluator, node: Node, scope: Scope, depth: int) -> dict[str, Any]:
    name = text_of(node.named_children[0]).rsplit(".", 1)[-1]
    parts = [part for part in _type_arguments(node) if part.type != "comment"]
    if name in ("Annotated", "Required", "NotRequired", "ReadOnly") and parts:
        return _annotated(evaluator, name, parts, scope, depth)
    if name == "Literal":
        return _literal(evaluator, parts, scope)
    if name == "Optional":
        return _union(evaluator, [*parts, None], scope, depth)
    if name == "Union":
        return _union(evaluator, parts, scope, depth)
    if name in _ARRAYS:
        return {"type": "array", "items": annotation_schema(evaluator, parts[0] if parts else None, scope, depth + 1)}
    if name in _OBJECTS:
        values_schema = annotation_schema(evaluator, parts[1], scope, depth + 1) if len(parts) > 1 else {}
        return {"type": "object", "additionalProperties": values_schema or True}
    return {}


def _annotated(evaluator: Evaluator, name: str, parts: list[Node], scope: Scope, depth: int) -> dict[str, Any]:
    schema = annotation_schema(evaluator, parts[0], scope, depth + 1)
    if name == "NotRequired":
        schema["has default"] = True
    for part in parts[1:]:
        value = evaluator.evaluate(_unwrapped(part), scope)
        if isinstance(value, str):
            schema["description"] = value
        elif isinstance(value, CallValue) and _apply_field(schema, value):
            schema["has default"] = True
    return schema


def _literal(evaluator: Evaluator, parts: list[Node], scope: Scope) -> dict[str, Any]:
    values = [evaluator.evaluate(_unwrapped(part), scope) for part in parts]
    known = [value for value in values if value is not UNKNOWN]
    kind = {"type": "string"} if all(isinstance(value, str) for value in known) else {}
    return {"const": known[0], **kind} if len(known) == 1 else {"enum": known, **kind}


def _union(evaluator: Evaluator, parts: list[Node | None] | list[Node], scope: Scope, depth: int) -> dict[str, Any]:
    schemas = [
        annotation_schema(evaluator, part, scope, depth + 1) if part is not None else {"type": "null"}
        for part in parts[:20]
    ]
    distinct = [schema for index, schema in enumerate(schemas) if schema not in schemas[:index]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def _union_parts(node: Node) -> list[Node]:
    parts, stack = [], [node]
    while stack:
        current = stack.pop()
        if current.type in ("binary_operator", "union_type"):
            stack += reversed([child for child in current.named_children if child.type != "comment"])
        elif (
            current.type == "type"
            and current.named_children
            and current.named_children[0].type
            in (
                "binary_operator",
                "union_type",
            )
        ):
            stack.append(current.named_children[0])
        else:
            parts.append(current)
    return parts


def _type_arguments(node: Node) -> list[Node]:
    if node.type == "subscript":
        return node.children_by_field_name("subscript")
    listed = next((child for child in node.named_children if child.type == "type_parameter"), None)
    return listed.named_children if listed is not None else []


def _unwrapped(node: Node) -> Node:
    return node.named_children[0] if node.type == "type" and node.named_children else node


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _enum_members(evaluator: Evaluator, model: ClassRef) -> list[Any] | None:
    superclasses = text_of(model.node.child_by_field_name("superclasses"))
    if "Enum" not in superclasses:
        return None
    body = model.node.child_by_field_name("body")
    pairs = [pair for statement in statements(body) if (pair := assigned(statement)) is not None] if body else []
    values = [evaluator.evaluate(value, Scope(model.module, value)) for _, value in pairs]
    return [value for value in values if isinstance(value, str | int)]


def _fields(owner: Node) -> Iterator[tuple[str, Node | None, Node | None]]:
    body = owner.child_by_field_name("body")
    for statement in statements(body) if body is not None else ():
        if statement.type != "expression_statement" or not statement.named_children:
            continue
        node = statement.named_children[0]
        annotation = node.child_by_field_name("type") if node.type == "assignment" else None
        name = text_of(node.child_by_field_name("left")) if node.type == "assignment" else ""
        hidden = name.startswith("_") or name == "model_config" or "ClassVar" in text_of(annotation)
        if annotation is not None and not hidden:
            yield name, annotation, node.child_by_field_name("right")


def _parameters(function: Node) -> Iterator[tuple[str, Node | None, Node | None]]:
    listed = function.child_by_field_name("parameters")
    for index, parameter in enumerate(listed.named_children if listed is not None else ()):
        annotation = parameter.child_by_field_name("type")
        if parameter.type == "identifier":
            name = text_of(parameter)
        elif parameter.type == "typed_parameter":
            inner = parameter.named_children[0]
            name = text_of(inner) if inner.type == "identifier" else ""
        else:
            named = parameter.child_by_field_name("name")
            name = text_of(named) if named is not None and named.type == "identifier" else ""
        if name and not (index == 0 and name in ("self", "cls")):
            yield name, annotation, parameter.child_by_field_name("value")


def _is_injected(annotation: Node | None, default: Node | None) -> bool:
    words = set(_words(annotation)) | (
        set(_words(default)) if default is not None and default.type == "call" else set()
    )
    return bool(words & _INJECTED)


def _words(node: Node | None) -> list[str]:
    return (
        text_of(node)[:300]
        .replace("[", " ")
        .replace("]", " ")
        .replace(".", " ")
        .replace("(", " ")
        .replace("|", " ")
        .replace(",", " ")
        .replace('"', " ")
        .replace("'", " ")
        .split()
    )
