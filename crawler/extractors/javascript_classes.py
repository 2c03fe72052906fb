"""Classes of the package as values: fields, getters, methods, what constructors assign, what base classes have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_functions import bind, returned
from crawler.extractors.javascript_text import arguments_of, short_text, text_of, unquoted
from crawler.extractors.javascript_values import ClassValue, FunctionValue, Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from crawler.extractors.javascript_evaluator import Evaluator

CLASS_KINDS = ("class_declaration", "class", "abstract_class_declaration")
_FIELDS = ("field_definition", "public_field_definition")
_MAX_BASES: Final = 6
_MAX_STATEMENTS: Final = 500


def class_member(evaluator: Evaluator, owner: ClassValue, name: str) -> Any:
    """Give a class's or an instance's field, getter or method; looked for in its base classes too."""
    current: ClassValue | None = owner
    this = owner.scope.bound.get("this", owner)
    for _ in range(_MAX_BASES):
        if current is None:
            break
        scope = _inside(evaluator, current, this)
        value = _own_member(evaluator, current, name, scope)
        if value is not UNKNOWN:
            return value
        current = _base_of(evaluator, current, scope)
    return UNKNOWN


def class_of(node: Node, scope: Scope) -> Any:
    """Give what `this` is where a node stands."""
    if "this" in scope.bound:
        return scope.bound["this"]
    owner = next((one for one in scope.module.ancestors(node) if one.type in CLASS_KINDS), None)
    return ClassValue(scope, owner) if owner is not None else UNKNOWN


def super_member(evaluator: Evaluator, node: Node, name: str, scope: Scope) -> Any:
    """Give `super.name` where a node stands."""
    owner = next((one for one in scope.module.ancestors(node) if one.type in CLASS_KINDS), None)
    base = _base_of(evaluator, ClassValue(scope, owner), scope) if owner is not None else None
    return class_member(evaluator, base, name) if base is not None else UNKNOWN


def base_name(owner: Node) -> str:
    """Give the text that names a class's base class; empty when it has none."""
    node = _base_node(owner)
    return short_text(node)


def name_of_class(owner: Node) -> str:
    """Give a class's own name, or that of the variable that it is assigned to."""
    named = owner.child_by_field_name("name")
    if named is not None:
        return text_of(named)
    parent = owner.parent
    is_variable = parent is not None and parent.type == "variable_declarator"
    return text_of(parent.child_by_field_name("name")) if parent is not None and is_variable else ""


def _own_member(evaluator: Evaluator, owner: ClassValue, name: str, scope: Scope) -> Any:
    body = owner.node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        key = child.child_by_field_name("property") or child.child_by_field_name("name")
        if key is None or unquoted(key) != name:
            continue
        if child.type in _FIELDS:
            value = child.child_by_field_name("value")
            if value is None:
                continue  # only its type is said here
            return evaluator.evaluate(value, scope)
        if child.type == "method_definition" and any(part.type == "get" for part in child.children):
            return returned(evaluator, FunctionValue(scope, child), {})
        return FunctionValue(scope, child)
    constructor = _constructor(owner.node)
    if constructor is not None:
        assigned = _assigned(constructor, name)
        if assigned is not None:
            return evaluator.evaluate(assigned, scope)
        if _is_parameter_property(constructor, name):
            return scope.bound.get(name, UNKNOWN)
    outside = owner.scope.module.properties.get(name_of_class(owner.node), {}).get(name)
    return evaluator.evaluate(outside, owner.scope) if outside is not None else UNKNOWN


def _inside(evaluator: Evaluator, owner: ClassValue, this: Any) -> Scope:
    """Give the scope of a class's constructor and fields: its parameters bound, `this` the instance asked for."""
    constructor = _constructor(owner.node)
    outer = Scope(owner.scope.module, {**owner.scope.bound, "this": this})
    if constructor is None or owner.arguments is None:
        return outer
    bound = bind(evaluator, FunctionValue(outer, constructor), owner.arguments)
    return Scope(outer.module, {**outer.bound, **bound})


def _base_of(evaluator: Evaluator, owner: ClassValue, scope: Scope) -> ClassValue | None:
    node = _base_node(owner.node)
    value = evaluator.evaluate(node, owner.scope) if node is not None else UNKNOWN
    if not isinstance(value, ClassValue) or value.node.id == owner.node.id:
        return None
    constructor = _constructor(owner.node)
    arguments = owner.arguments
    if constructor is not None:
        arguments = _super_arguments(evaluator, constructor, scope)
    return ClassValue(
        Scope(value.scope.module, {**value.scope.bound, "this": scope.bound.get("this")}), value.node, arguments
    )


def _base_node(owner: Node) -> Node | None:
    heritage = next((child for child in owner.named_children if child.type == "class_heritage"), None)
    node = heritage.named_children[0] if heritage is not None and heritage.named_children else None
    return node.child_by_field_name("value") if node is not None and node.type == "extends_clause" else node


def _constructor(owner: Node) -> Node | None:
    body = owner.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        if child.type == "method_definition" and short_text(child.child_by_field_name("name")) == "constructor":
            return child
    return None


def _statements(constructor: Node) -> list[Node]:
    block = constructor.child_by_field_name("body")
    statements = block.named_children if block is not None else []
    waiting = [one.named_children[0] for one in statements if one.type == "expression_statement" and one.named_children]
    waiting.reverse()
    expressions: list[Node] = []
    while waiting and len(expressions) < _MAX_STATEMENTS:
        one = waiting.pop()
        if one.type == "sequence_expression":  # compressed code has commas for semicolons
            waiting += reversed(one.named_children)
        else:
            expressions.append(one)
    return expressions


def _super_arguments(evaluator: Evaluator, constructor: Node, scope: Scope) -> tuple[Any, ...] | None:
    for expression in _statements(constructor):
        if expression.type == "call_expression":
            function = expression.child_by_field_name("function")
            if function is not None and function.type == "super":
                return tuple(evaluator.evaluate(one, scope) for one in arguments_of(expression))
    return None


def _assigned(constructor: Node, name: str) -> Node | None:
    """Find the value of `this.name = …` in a constructor, where compilers put fields."""
    for expression in _statements(constructor):
        if expression.type == "assignment_expression":
            if short_text(expression.child_by_field_name("left")) == f"this.{name}":
                return expression.child_by_field_name("right")
        elif expression.type == "call_expression" and "defineProperty" in short_text(
            expression.child_by_field_name("function")
        ):
            given = arguments_of(expression)
            if len(given) == 3 and unquoted(given[1]) == name and given[2].type == "object":
                pairs = [one for one in given[2].named_children if one.type == "pair"]
                return next(
                    (
                        one.child_by_field_name("value")
                        for one in pairs
                        if unquoted(one.child_by_field_name("key")) == "value"
                    ),
                    None,
                )
    return None


def _is_parameter_property(constructor: Node, name: str) -> bool:
    """Tell whether a constructor's parameter is a field too, as in `constructor(readonly name: string)`."""
    parameters = constructor.child_by_field_name("parameters")
    return any(
        child.type in ("required_parameter", "optional_parameter")
        and text_of(child.child_by_field_name("pattern")) == name
        and any(part.type in ("accessibility_modifier", "readonly") for part in child.children)
        for child in (parameters.named_children if parameters is not None else ())
    )
