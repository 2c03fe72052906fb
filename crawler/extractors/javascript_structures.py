"""What object literals, array literals and enums are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_functions import returned
from crawler.extractors.javascript_text import printed, text_of, unquoted, written
from crawler.extractors.javascript_values import FunctionValue, OpenObject, Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from crawler.extractors.javascript_evaluator import Evaluator

MAX_ITEMS: Final = 5_000


def object_value(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give an object literal's value; open when something unknown is spread into it."""
    made: dict[str, Any] = {}
    for child in node.named_children:
        if len(made) > MAX_ITEMS:
            return OpenObject(made)
        if child.type == "pair":
            name = _key(evaluator, child.child_by_field_name("key"), scope)
            if name is None:
                made = OpenObject(made)
            else:
                made[name] = evaluator.evaluate(child.child_by_field_name("value"), scope)
        elif child.type == "shorthand_property_identifier":
            made[text_of(child)] = evaluator.evaluate(child, scope)
        elif child.type == "spread_element":
            value = evaluator.evaluate(child.named_children[0] if child.named_children else None, scope)
            # `...undefined` and `...false` spread nothing; what is not known may spread anything.
            closed = isinstance(value, dict) and not isinstance(value, OpenObject)
            made = made if closed or value in (None, False) else OpenObject(made)
            made.update(value if isinstance(value, dict) else {})
        elif child.type == "method_definition":
            made[unquoted(child.child_by_field_name("name"))] = _method(evaluator, child, scope)
    return made


def _method(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    function = FunctionValue(scope, node)
    is_getter = any(child.type == "get" for child in node.children)
    return returned(evaluator, function, {}) if is_getter else function


def _key(evaluator: Evaluator, key: Node | None, scope: Scope) -> str | None:
    if key is None:
        return None
    if key.type == "computed_property_name":
        return printed(evaluator.evaluate(key.named_children[0] if key.named_children else None, scope))
    return unquoted(key)


def array_value(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give an array literal's value; an unknown spread is one unknown item."""
    items: list[Any] = []
    for child in written(node.named_children):
        if child.type == "spread_element":
            value = evaluator.evaluate(child.named_children[0] if child.named_children else None, scope)
            items += value if isinstance(value, list) else [UNKNOWN]
        else:
            items.append(evaluator.evaluate(child, scope))
        if len(items) > MAX_ITEMS:
            return [*items[:MAX_ITEMS], UNKNOWN]
    return items


def enum_value(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give a TypeScript enum's members."""
    body = node.child_by_field_name("body")
    members: dict[str, Any] = {}
    for number, child in enumerate(written(body.named_children) if body is not None else ()):
        if child.type == "enum_assignment":
            key = unquoted(child.child_by_field_name("name"))
            members[key] = evaluator.evaluate(child.child_by_field_name("value"), scope)
        else:
            members[unquoted(child)] = number
    return members
