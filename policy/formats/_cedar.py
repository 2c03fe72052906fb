"""What the Cedar formats share: literals, and conditions on arguments as expressions.

An expression may stop more calls than its condition does, never fewer: what cannot be said so is None. One that fails
on an argument of another kind takes the whole `permit` with it, which denies the call.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from policy.formats._surrogates import is_sayable
from policy.recommendation import Recommendation
from policy.rules import ARGUMENTS, Condition, Guard

_METHODS = {"lt": "lessThan", "lte": "lessThanOrEqual", "gt": "greaterThan", "gte": "greaterThanOrEqual"}
_OPERATORS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_NOT_PLAIN = re.compile(r'["\\]|[^ -~]')
_LARGEST = 2**63 - 1
_A_DECIMAL = 10_000


@dataclass(frozen=True, slots=True)
class Shown:
    """An argument as a policy sees it: whether it is there, its value, and whether one of another kind may be."""

    there: str
    value: str
    hidden: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """How a target shows arguments.

    `find` gives an argument by its path, None if it cannot be seen. `number` writes a number, None if it cannot be
    told from others. `drops` says that a number out of range is not shown at all.
    """

    find: Callable[[list[str]], Shown | None]
    number: Callable[[int | float], str | None]
    drops: bool


def quote(text: str) -> str:
    """Write a string literal in printable ASCII."""
    return f'"{_escape(text)}"'


def decimal(number: float) -> str | None:
    """Write a number as a decimal; None if it needs more than four places or is out of range."""
    try:
        scaled = Fraction(str(number)) * _A_DECIMAL
    except ValueError:
        return None
    if scaled.denominator != 1 or not -_LARGEST <= scaled <= _LARGEST:
        return None
    whole, rest = divmod(abs(int(scaled)), _A_DECIMAL)
    return f'decimal("{"-" if scaled < 0 else ""}{whole}.{rest:04d}")'


def long(number: float) -> str | None:
    """Write a whole number; None if it is none or is out of range."""
    if isinstance(number, float) and not number.is_integer():
        return None
    return str(int(number)) if -_LARGEST <= number <= _LARGEST else None


def express(one: Recommendation, view: View) -> str | None:
    """Write when a tool may be called, empty for always; None if that cannot be said."""
    parts = [_condition(condition, view, guards=False) for condition in one.require]
    parts += [_guard(guard, view) for guard in one.guards]
    said = [part for part in parts if part is not None]
    return " && ".join(said) if len(said) == len(parts) else None


def _guard(guard: Guard, view: View) -> str | None:
    parts = [_condition(condition, view, guards=True) for condition in guard.conditions]
    said = [part for part in parts if part is not None]
    if len(said) != len(parts):
        return None
    if len(said) == 1 and said[0].startswith("!"):  # the negation of one parenthesis
        return said[0][1:]
    return f"!({' && '.join(said)})" if said else "false"


def _condition(condition: Condition, view: View, *, guards: bool) -> str | None:
    """Write a condition: one that guards may hold too often, one that is required too seldom."""
    steps = condition.path.removeprefix(ARGUMENTS).split(".")
    shown = view.find(steps) if all(is_sayable(step) for step in steps) else None
    if shown is None:
        return None
    if condition.op in ("neq", "not_in"):
        same = _same(shown, condition, view)
        return same and f"!{same}"
    if condition.op in ("eq", "in"):
        return _same(shown, condition, view)
    if condition.op in _METHODS:
        return _ordered(shown, condition, view, guards=guards)
    if condition.op == "contains":
        return _contains(shown, condition.value, guards=guards)
    return _exists(shown, condition, view, guards=guards) if condition.op == "exists" else None


def _same(shown: Shown, condition: Condition, view: View) -> str | None:
    values = condition.value if condition.op in ("in", "not_in") else [condition.value]
    literals = [_literal(value, view) for value in values] if isinstance(values, list | tuple) else []
    said = [literal for literal in literals if literal is not None]
    if len(said) != len(literals):
        return None
    if not said:
        return "(false)"
    test = f"{shown.value} == {said[0]}" if len(said) == 1 else f"[{', '.join(said)}].contains({shown.value})"
    return f"({shown.there} && {test})"


def _ordered(shown: Shown, condition: Condition, view: View, *, guards: bool) -> str | None:
    number = _number(condition.value, view)
    if number is None:
        return None
    test = f"{shown.value} {_OPERATORS[condition.op]} {number}"
    if number.startswith("decimal"):
        test = f"{shown.value}.{_METHODS[condition.op]}({number})"
    if guards and view.drops:
        return f"(!({shown.there}) || {test})"
    return f"({shown.there} && {test})"


def _contains(shown: Shown, value: Any, *, guards: bool) -> str | None:
    if not isinstance(value, str) or not is_sayable(value):
        return None
    test = f'{shown.there} && {shown.value} like "*{_escape(value).replace("*", chr(92) + "*")}*"'
    return f"(({test}) || {shown.hidden})" if guards and shown.hidden else f"({test})"


def _exists(shown: Shown, condition: Condition, view: View, *, guards: bool) -> str | None:
    if condition.value or condition.value is None:
        return None if guards and view.drops else f"({shown.there})"
    if guards:
        return f"(!({shown.there}))"
    return None if view.drops else f"(!({shown.there}))"


def _literal(value: Any, view: View) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value) if is_sayable(value) else None
    return _number(value, view)


def _number(value: Any, view: View) -> str | None:
    return view.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _escape(text: str) -> str:
    return _NOT_PLAIN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)
