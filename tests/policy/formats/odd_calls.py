"""Conditions of every kind, and calls whose argument is of every kind: what targets compare in their own ways."""

from collections.abc import Iterator
from typing import Any

from policy.rules import Condition

CONDITIONS = (
    Condition("args.a", "eq", "list"),
    Condition("args.a", "eq", "true"),
    Condition("args.a", "eq", "1"),
    Condition("args.a", "eq", "<nil>"),
    Condition("args.a", "eq", "[x]"),
    Condition("args.a", "eq", value=True),
    Condition("args.a", "eq", value=False),
    Condition("args.a", "eq", 1),
    Condition("args.a", "eq", 1.5),
    Condition("args.a", "eq", None),
    Condition("args.a", "eq", ["x"]),
    Condition("args.a", "neq", "list"),
    Condition("args.a", "neq", "true"),
    Condition("args.a", "neq", value=True),
    Condition("args.a", "neq", 1),
    Condition("args.a", "neq", ["x"]),
    Condition("args.a", "in", ["list", "1"]),
    Condition("args.a", "in", [1, 2.5]),
    Condition("args.a", "in", [1, "list", True]),
    Condition("args.a", "in", []),
    Condition("args.a", "not_in", ["list", "1"]),
    Condition("args.a", "not_in", [1, True]),
    Condition("args.a", "not_in", []),
    Condition("args.a", "lt", 1),
    Condition("args.a", "lte", 1),
    Condition("args.a", "gt", 1),
    Condition("args.a", "gte", 1),
    Condition("args.a", "lte", 2**60),
    Condition("args.a", "lte", float("inf")),
    Condition("args.a", "regex", "^li.t$"),
    Condition("args.a", "regex", "(?i)LIST"),
    Condition("args.a", "regex", ""),
    Condition("args.a", "contains", "is"),
    Condition("args.a", "contains", "1"),
    Condition("args.a", "contains", 1),
    Condition("args.a", "exists"),
    Condition("args.a", "exists", value=True),
    Condition("args.a", "exists", value=False),
    Condition("args.a.b", "eq", "list"),
    Condition("args.a.b", "neq", "list"),
    Condition("args.in", "eq", "list"),
    Condition('args.a"b', "neq", "list"),
)
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, 1.5, 2, -3, 2**60 + 1, "", "list", "LIST", "list\n", "1", "1.0", "true", "<nil>",
    "[x]", "this", [], ["x"], ["is"], ["1"], [1], [True], [["x"]], {}, {"b": "list"}, {"b": None}, {"b": ["list"]},
    {"c": 1},
)  # fmt: skip


def odd_calls() -> Iterator[dict[str, Any]]:
    yield {}
    yield {"other": 1}
    for name in ("a", "in", 'a"b'):
        for value in _VALUES:
            yield {name: value}
