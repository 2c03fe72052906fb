"""Python's operators on values that are known: arithmetic, joining, comparison.

Values in, a value or UNKNOWN out; it reads no source.
"""

import operator
from collections.abc import Callable
from typing import Any

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.python_references import FunctionRef, is_plain

_LARGEST = 1e15
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_COMPARISON: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "in": lambda one, other: one in other,
    "not in": lambda one, other: one not in other,
    "is": lambda one, other: one is other,
    "is not": lambda one, other: one is not other,
}


def calculate(sign: str, left: Any, right: Any) -> Any:
    """Give what a binary operator makes of two values."""
    if sign == "|" and isinstance(left, dict) and isinstance(right, dict):
        return left | right
    if sign == "+" and any(isinstance(left, kind) and isinstance(right, kind) for kind in (str, list)):
        return left + right if len(left) + len(right) <= MAX_TEXT else UNKNOWN
    if sign == "%" and isinstance(left, str):
        return _formatted(left, right)
    if sign not in _ARITHMETIC or not (_is_number(left) and _is_number(right)):
        return UNKNOWN
    try:
        return _ARITHMETIC[sign](left, right)
    except (ZeroDivisionError, OverflowError):
        return UNKNOWN


def compare(sign: str, left: Any, right: Any) -> Any:
    """Give what a comparison of two values comes to."""
    if "is" in sign.split() and right is None:
        known = left is None or isinstance(left, FunctionRef) or is_plain(left)
        return _COMPARISON[sign](left, None) if known and sign in _COMPARISON else UNKNOWN
    if sign not in _COMPARISON or not (is_plain(left) and is_plain(right)):
        return UNKNOWN
    try:
        return bool(_COMPARISON[sign](left, right))
    except TypeError:
        return UNKNOWN


def _formatted(text: str, values: Any) -> Any:
    """Fill the plain `%s` and `%d` of a text, and nothing that pads."""
    given = values if isinstance(values, list) else [values]
    parts = text.replace("%d", "%s").split("%s")
    if len(parts) != len(given) + 1 or any("%" in part for part in parts):
        return UNKNOWN
    if not all(isinstance(value, str | int | float) and len(str(value)) < MAX_TEXT for value in given):
        return UNKNOWN
    filled = "".join(part + str(value) for part, value in zip(parts, [*given, ""], strict=True))
    return filled if len(filled) <= MAX_TEXT else UNKNOWN


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < _LARGEST
