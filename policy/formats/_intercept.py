"""The conditions of an Intercept policy: what a call must meet, exactly or more strictly than our own conditions.

Intercept compares with `eq` and `in` as numbers, else as printed text: the text "true" equals true. So a condition of
ours is written with a second one that holds for its kind of value only, and not at all where there is none.
"""

import re
from collections.abc import Sequence
from typing import Any

from policy.rules import Condition, Guard, Operator

_NEGATED: dict[str, Operator] = {
    "eq": "neq",
    "neq": "eq",
    "in": "not_in",
    "not_in": "in",
    "lt": "gte",
    "gte": "lt",
    "lte": "gt",
    "gt": "lte",
}
_PRINTED = re.compile(r"true|false|<nil>|map\[.*|\[.*|[-+.\d].*|NaN", re.DOTALL)  # what other values print as
_EXACT = 2**53  # whole numbers from here on are not exact in JSON as Go reads it

Written = list[dict[str, Any]]


def is_number(value: object) -> bool:
    """Whether Intercept holds the number exactly."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _EXACT


def write_condition(condition: Condition) -> Written | None:
    """Write a condition that must hold; None when Intercept would let more pass."""
    path, op, value = condition.path, condition.op, condition.value
    plain: dict[str, Any] = {"path": path, "op": op, "value": value}
    if op == "exists":
        return [{**plain, "value": value is None or bool(value)}]
    if op in ("eq", "in"):
        return _equal(plain, value if op == "in" else [value])
    if op in ("neq", "not_in"):
        values = value if op == "not_in" else [value]
        return [_listed(plain)] if all(isinstance(one, str | bool) or is_number(one) for one in values) else None
    if op == "regex":
        return [plain]
    if op == "contains":
        return [plain, *_text_only(path, [value])] if isinstance(value, str) else None
    return [plain] if is_number(value) else None


def write_guard(guard: Guard) -> Written | None:
    """Write what must hold for the guard not to; None when that cannot be said, as for several conditions."""
    if len(guard.conditions) != 1:
        return None
    condition = guard.conditions[0]
    if condition.op == "exists":
        absent = condition.value is not None and not condition.value
        return write_condition(Condition(condition.path, "exists", absent))
    negated = _NEGATED.get(condition.op)
    return write_condition(Condition(condition.path, negated, condition.value)) if negated else None


def _equal(plain: dict[str, Any], values: Sequence[Any]) -> Written | None:
    if all(isinstance(value, str) for value in values):
        return [_listed(plain), *_text_only(plain["path"], values)]
    if all(is_number(value) for value in values):
        return [_listed(plain), {"path": plain["path"], "op": "gte", "value": min(values)}]
    return None


def _text_only(path: str, values: Sequence[str]) -> Written:
    """Hold for text only, where one of the values is also what something else prints as."""
    printed = any(_PRINTED.fullmatch(value) for value in values)
    return [{"path": path, "op": "regex", "value": ""}] if printed else []


def _listed(plain: dict[str, Any]) -> dict[str, Any]:
    value = plain["value"]
    return {**plain, "value": list(value)} if isinstance(value, tuple) else plain
