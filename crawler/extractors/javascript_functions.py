"""Functions of the package as values: their parameters bound to arguments, and what they return when that is plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_text import pattern_names, text_of, unquoted, written
from crawler.extractors.javascript_values import FunctionValue, OpenObject, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.extractors.javascript_evaluator import Evaluator


def call(evaluator: Evaluator, function: FunctionValue, values: Sequence[Any]) -> Any:
    """Give what a function returns for these arguments."""
    return returned(evaluator, function, bind(evaluator, function, values))


def returned(evaluator: Evaluator, function: FunctionValue, bound: Mapping[str, Any]) -> Any:
    """Give what a function returns that returns in one place only; UNKNOWN when that depends on its steps."""
    body = function.node.child_by_field_name("body")
    scope = Scope(function.scope.module, {**function.scope.bound, **bound})
    if body is None or body.type != "statement_block":
        return evaluator.evaluate(body, scope)
    statements = written(body.named_children)
    if not statements or statements[-1].type != "return_statement" or not statements[-1].named_children:
        return UNKNOWN
    for statement in statements[:-1]:
        if not _may_return(statement):
            continue
        taken = _taken(evaluator, statement, scope)
        if taken is not None:
            return evaluator.evaluate(taken, scope) if isinstance(taken, Node) else UNKNOWN
    return evaluator.evaluate(written(statements[-1].named_children)[0], scope)


def _taken(evaluator: Evaluator, statement: Node, scope: Scope) -> Any:
    """Give what `if (condition) return value` returns; None when it is passed by, UNKNOWN when that is not known."""
    if statement.type != "if_statement" or statement.child_by_field_name("alternative") is not None:
        return UNKNOWN
    condition = evaluator.evaluate(statement.child_by_field_name("condition"), scope)
    if not isinstance(condition, bool | str | int | float | None):
        return UNKNOWN
    if not condition:
        return None
    inner = statement.child_by_field_name("consequence")
    body = written(inner.named_children) if inner is not None and inner.type == "statement_block" else [inner]
    last = body[-1] if body else None
    if last is None or last.type != "return_statement" or not last.named_children or len(body) > 1:
        return UNKNOWN
    return written(last.named_children)[0]


def bind(evaluator: Evaluator, function: FunctionValue, values: Sequence[Any]) -> dict[str, Any]:
    """Give a function's parameters the values of a call, taken apart where the parameter is a pattern."""
    single = function.node.child_by_field_name("parameter")
    listed = function.node.child_by_field_name("parameters")
    parameters = [single] if single is not None else written(listed.named_children) if listed is not None else []
    bound: dict[str, Any] = {}
    for number, parameter in enumerate(parameters):
        rest = _rest_of(parameter)
        if rest is not None:
            bound.update({name: list(values[number:]) for name, _ in pattern_names(rest)})
            break
        value = values[number] if number < len(values) else None
        bind_pattern(evaluator, parameter, value, function.scope, bound)
    return bound


def bind_pattern(evaluator: Evaluator, pattern: Node, value: Any, scope: Scope, bound: dict[str, Any]) -> None:
    """Bind the names of a pattern to what they stand for in a value; None is JavaScript's undefined too."""
    if pattern.type in ("required_parameter", "optional_parameter"):
        inner, default = pattern.child_by_field_name("pattern"), pattern.child_by_field_name("value")
        if inner is not None:
            bind_pattern(evaluator, inner, _or_default(evaluator, value, default, scope), scope, bound)
    elif pattern.type == "identifier":
        bound[text_of(pattern)] = value
    elif pattern.type == "assignment_pattern":
        default = pattern.child_by_field_name("right")
        bind_pattern(evaluator, pattern.named_children[0], _or_default(evaluator, value, default, scope), scope, bound)
    elif pattern.type == "object_pattern":
        for child in written(pattern.named_children):
            _bind_property(evaluator, child, value, scope, bound)
    elif pattern.type == "array_pattern" and isinstance(value, list):
        for child, item in zip(written(pattern.named_children), value, strict=False):
            bind_pattern(evaluator, child, item, scope, bound)


def _bind_property(evaluator: Evaluator, child: Node, value: Any, scope: Scope, bound: dict[str, Any]) -> None:
    if child.type == "pair_pattern":
        inner = evaluator.property_of(value, unquoted(child.named_children[0]))
        bind_pattern(evaluator, child.named_children[-1], inner, scope, bound)
    elif child.type == "object_assignment_pattern":
        name = text_of(child.named_children[0])
        default = child.child_by_field_name("right")
        missing = isinstance(value, dict) and not isinstance(value, OpenObject) and name not in value
        inner = None if missing else evaluator.property_of(value, name)
        bound[name] = _or_default(evaluator, inner, default, scope)
    elif child.type == "shorthand_property_identifier_pattern":
        bound[text_of(child)] = evaluator.property_of(value, text_of(child))
    elif child.type == "rest_pattern" and isinstance(value, dict):
        pattern = child.parent
        taken = {unquoted(one.named_children[0]) if one.named_children else text_of(one) for one in _others(pattern)}
        rest = {key: one for key, one in value.items() if key not in taken}
        bound[text_of(child.named_children[0])] = OpenObject(rest) if isinstance(value, OpenObject) else rest


def _others(pattern: Node | None) -> list[Node]:
    return [one for one in pattern.named_children if one.type != "rest_pattern"] if pattern is not None else []


def _or_default(evaluator: Evaluator, value: Any, default: Node | None, scope: Scope) -> Any:
    return evaluator.evaluate(default, scope) if value is None and default is not None else value


def _rest_of(parameter: Node) -> Node | None:
    """Give the pattern of `...all`, bare or as TypeScript wraps it."""
    inner = parameter.child_by_field_name("pattern") or parameter
    return inner if inner.type == "rest_pattern" else None


def _may_return(statement: Node) -> bool:
    quiet = ("lexical_declaration", "variable_declaration", "function_declaration", "class_declaration")
    return statement.type not in quiet and b"return" in (statement.text or b"")
