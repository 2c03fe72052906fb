"""What operators and templates make of constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.javascript_text import printed, text_of, unescaped, unwrapped, whole, written
from crawler.extractors.javascript_values import LEFT_OUT, PartialText, Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from crawler.extractors.javascript_evaluator import Evaluator

_MAX_OPERANDS: Final = 5_000
_SCALARS = str | int | float | bool | None


def template(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give a template string's text."""
    pieces, source, start = [], scope.module.data, node.start_byte + 1
    whole_text = True
    for child in node.named_children:
        if child.type != "template_substitution":
            continue
        pieces.append(_template_text(source[start : child.start_byte]))
        inner = written(child.named_children)
        piece, is_known = _piece(evaluator.evaluate(inner[0], scope) if inner else UNKNOWN)
        whole_text = whole_text and is_known
        pieces.append(piece)
        start = child.end_byte
    pieces.append(_template_text(source[start : node.end_byte - 1]))
    return _text("".join(pieces), whole_text=whole_text) if sum(map(len, pieces)) <= MAX_TEXT else UNKNOWN


def binary(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give what a chain of binary operators makes."""
    # A text put together of a hundred lines leans to the left a hundred deep; so no recursion on that side.
    rest: list[tuple[str, Node | None]] = []
    left: Node | None = node
    while left is not None and left.type == "binary_expression" and len(rest) < _MAX_OPERANDS:
        rest.append((text_of(left.child_by_field_name("operator")), left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
        left = unwrapped(left) if left is not None else None
    if len(rest) >= _MAX_OPERANDS:
        return UNKNOWN
    value = evaluator.evaluate(left, scope)
    for operator, right in reversed(rest):
        value = _combined(evaluator, value, operator, (right, scope))
    return value


def unary(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give what a prefix operator makes."""
    operator = text_of(node.child_by_field_name("operator"))
    if operator == "void":
        return None
    value = evaluator.evaluate(node.child_by_field_name("argument"), scope)
    if operator == "!" and value is not UNKNOWN:
        return isinstance(value, _SCALARS) and not value
    return -value if operator == "-" and isinstance(value, int | float) else UNKNOWN


def ternary(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give the side that a known condition chooses, or what both sides say alike."""
    condition = evaluator.evaluate(node.child_by_field_name("condition"), scope)
    one, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if isinstance(condition, _SCALARS):
        return evaluator.evaluate(one if condition else other, scope)
    first, second = evaluator.evaluate(one, scope), evaluator.evaluate(other, scope)
    return first if isinstance(first, str | int | float) and first == second else UNKNOWN


def _combined(evaluator: Evaluator, left: Any, operator: str, right_side: tuple[Node | None, Scope]) -> Any:
    if operator in ("||", "??", "&&"):
        if left is UNKNOWN:
            return UNKNOWN
        empty = left is None if operator == "??" else isinstance(left, _SCALARS) and not left
        return evaluator.evaluate(*right_side) if empty is (operator != "&&") else left
    right = evaluator.evaluate(*right_side)
    if operator == "+" and (isinstance(left, str | PartialText) or isinstance(right, str | PartialText)):
        (one, is_known), (other, is_known_too) = _piece(left), _piece(right)
        fits = len(one) + len(other) <= MAX_TEXT
        return _text(one + other, whole_text=is_known and is_known_too) if fits else UNKNOWN
    if operator in ("===", "==", "!==", "!=") and isinstance(left, _SCALARS) and isinstance(right, _SCALARS):
        return (left == right) is operator.startswith("=")
    return _calculated(left, operator, right)


def _piece(value: Any) -> tuple[str, bool]:
    """Give a value as part of a text, and whether it is all known."""
    if isinstance(value, PartialText):
        return value.known, False
    piece = printed(value)
    return (LEFT_OUT, False) if piece is None else (piece, True)


def _text(text: str, *, whole_text: bool) -> Any:
    return text if whole_text else PartialText(text)


def _calculated(left: Any, operator: str, right: Any) -> Any:
    if not (isinstance(left, int | float) and isinstance(right, int | float)) or abs(left) + abs(right) > 1e15:
        return UNKNOWN
    if operator == "/":
        return whole(left / right) if right else UNKNOWN
    return {"+": left + right, "-": left - right, "*": left * right}.get(operator, UNKNOWN)


def _template_text(raw: bytes) -> str:
    return unescaped(raw.decode("utf-8", "replace").replace("\r\n", "\n"))
