"""Classes of the package as values: fields, getters, methods, what constructors assign, what base classes have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_class_body import FIELDS, base_of
from crawler.extractors.javascript_functions import bind, returned
from crawler.extractors.javascript_text import arguments_of, short_text, text_of
from crawler.extractors.javascript_values import ClassValue, FunctionValue, Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from crawler.extractors.javascript_evaluator import Evaluator

CLASS_KINDS = ("class_declaration", "class", "abstract_class_declaration")
_MAX_BASES: Final = 6


def class_member(evaluator: Evaluator, owner: ClassValue, name: str) -> Any:
    """Give a class's or an instance's field, getter or method; looked for in its base classes too."""
    current: ClassValue | None = owner
    this = owner.scope.bound.get("this", owner)
    for _ in range(_MAX_BASES):
        if current is None:
            break
        scope = _inside(evaluator, current, this)
        # A field that is made of itself would else be followed down to the deepest evaluation there is.
        key = (current.node.id, name, id(this))
        value = evaluator.never_inside_itself(key, partial(_own_member, evaluator, current, name, scope))
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
    return short_text(base_of(owner))


def name_of_class(owner: Node) -> str:
    """Give a class's own name, or that of the variable that it is assigned to."""
    named = owner.child_by_field_name("name")
    if named is not None:
        return text_of(named)
    parent = owner.parent
    is_variable = parent is not None and parent.type == "variable_declarator"
    return text_of(parent.child_by_field_name("name")) if parent is not None and is_variable else ""


def _own_member(evaluator: Evaluator, owner: ClassValue, name: str, scope: Scope) -> Any:
    body = evaluator.class_body(owner.node)
    member, assigned = body.members.get(name), body.assigned.get(name)
    if member is not None and member.type in FIELDS:
        return evaluator.evaluate(member.child_by_field_name("value"), scope)
    if member is not None:
        function = FunctionValue(scope, member)
        is_getter = member.type == "method_definition" and any(part.type == "get" for part in member.children)
        return returned(evaluator, function, {}) if is_getter else function
    if assigned is not None:
        return evaluator.evaluate(assigned, scope)
    if name in body.parameter_properties:
        return scope.bound.get(name, UNKNOWN)
    outside = owner.scope.module.properties.get(name_of_class(owner.node), {}).get(name)
    return evaluator.evaluate(outside, owner.scope) if outside is not None else UNKNOWN


def _inside(evaluator: Evaluator, owner: ClassValue, this: Any) -> Scope:
    """Give the scope of a class's constructor and fields: its parameters bound, `this` the instance asked for."""
    constructor = evaluator.class_body(owner.node).constructor
    outer = Scope(owner.scope.module, {**owner.scope.bound, "this": this})
    if constructor is None or owner.arguments is None:
        return outer
    bound = bind(evaluator, FunctionValue(outer, constructor), owner.arguments)
    return Scope(outer.module, {**outer.bound, **bound})


def _base_of(evaluator: Evaluator, owner: ClassValue, scope: Scope) -> ClassValue | None:
    body = evaluator.class_body(owner.node)
    value = evaluator.evaluate(body.base, owner.scope)
    if not isinstance(value, ClassValue) or value.node.id == owner.node.id:
        return None
    arguments = owner.arguments
    if body.super_call is not None:
        arguments = tuple(evaluator.evaluate(one, scope) for one in arguments_of(body.super_call))
    elif body.constructor is not None:
        arguments = None
    return ClassValue(
        Scope(value.scope.module, {**value.scope.bound, "this": scope.bound.get("this")}), value.node, arguments
    )
