"""Lists and dictionaries that grow after they were written: append, extend, update, entries assigned one by one.

What is added in loops, in other functions or in other files leaves the whole unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_module import Module, ancestors
from crawler.extractors.python_references import Scope
from crawler.extractors.python_syntax import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from crawler.extractors.python_values import Evaluator

_ADDING = ("append", "extend", "update")
_CHANGING = (*_ADDING, "insert", "add", "remove", "pop", "clear", "setdefault")
_LOOPS = frozenset(("for_statement", "list_comprehension", "generator_expression"))


def grown(evaluator: Evaluator, value: Any, name: str, scope: Scope, owner: Node | None) -> Any:
    """Give a list or dictionary with what is added to it under its name; other values as they are.

    `owner` is the function or class that the name belongs to, None for the module.
    """
    if not isinstance(value, list | dict):
        return value
    changes = _changes(scope.module, name, owner)
    if not changes:
        filled_elsewhere = not value and evaluator.package.counts(f"{name}.append(".encode())
        return UNKNOWN if filled_elsewhere and owner is None else value
    whole: Any = list(value) if isinstance(value, list) else dict(value)
    for change in changes:
        if not _is_straight(scope.module, change, owner) or not _applied(evaluator, whole, change, scope):
            return UNKNOWN
    return whole


def _changes(module: Module, name: str, owner: Node | None) -> list[Node]:
    found = [
        call
        for method in _CHANGING
        for call in module.calls.get(method, ())
        if _target_name(call.child_by_field_name("function"), "object") == name
    ]
    found += [node for node in module.entries if _target_name(node.child_by_field_name("left"), "value") == name]
    inside = [node for node in found if owner is None or owner.start_byte <= node.start_byte < owner.end_byte]
    return sorted(inside, key=lambda node: node.start_byte)


def _target_name(node: Node | None, field: str) -> str:
    target = node.child_by_field_name(field) if node is not None else None
    return text_of(target).rsplit(".", 1)[-1] if target is not None and target.type != "call" else ""


def _is_straight(module: Module, change: Node, owner: Node | None) -> bool:
    """Tell a change that happens once, where its owner's own statements run."""
    for parent in ancestors(module, change):
        if owner is not None and parent == owner:
            return True
        if parent.type in _LOOPS or (parent.type == "function_definition" and owner is None):
            return False
    return True


def _applied(evaluator: Evaluator, whole: Any, change: Node, scope: Scope) -> bool:
    inside = Scope(scope.module, change, scope.bound)
    if change.type == "assignment":
        key = change.child_by_field_name("left")
        value = evaluator.evaluate(key.child_by_field_name("subscript") if key is not None else None, inside)
        if not isinstance(whole, dict) or not isinstance(value, str | int):
            return False
        whole[value] = evaluator.evaluate(change.child_by_field_name("right"), inside)
        return True
    positional, _ = evaluator.arguments(change)
    method = text_of(change.child_by_field_name("function")).rsplit(".", 1)[-1]
    added = evaluator.evaluate(positional[0], inside) if len(positional) == 1 else UNKNOWN
    if method == "append" and isinstance(whole, list):
        whole.append(added)
    elif method == "extend" and isinstance(whole, list) and isinstance(added, list):
        whole += added
    elif method == "update" and isinstance(whole, dict) and isinstance(added, dict):
        whole |= added
    else:
        return False
    return True
