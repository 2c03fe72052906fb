"""CEL for the gateways that decide with it: string literals, and conditions on a call's arguments.

Each expression says of itself what kind of value it takes, so that none fails where another would still decide.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from policy.rules import ARGUMENTS, Condition

_MEMBER = re.compile(r"[a-z][A-Za-z0-9_]*")
_NOT_PLAIN = re.compile(r'["\\]|[^ -~]')
_WORDS = frozenset(
    [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)


def literal(text: str) -> str:
    """Write any text as a CEL string: ASCII only, so that nothing in it ends the string or the line."""
    return '"' + _NOT_PLAIN.sub(_escape, text) + '"'


def literals(texts: list[str]) -> str:
    """Write a CEL list of strings."""
    return "[" + ", ".join(literal(text) for text in texts) + "]"


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in '"\\':
        return "\\" + sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def holds(condition: Condition, arguments: str) -> str | None:
    """Write what `Condition.holds` says of the map that `arguments` selects, if it is there; None if CEL cannot."""
    present, found = _look_up(condition.path, arguments)
    if condition.op == "exists":
        there = condition.value is None or bool(condition.value)
        return present if there else f"!({present})"
    positive = {"neq": "eq", "not_in": "in"}.get(condition.op, condition.op)
    test = _test(positive, found, condition.value)
    if test is None:
        return None
    return f"{present} && {test}" if positive == condition.op else f"!({present} && {test})"


def _look_up(path: str, arguments: str) -> tuple[str, str]:
    tests = [f"has({arguments}) && type({arguments}) == map"]
    found = arguments
    steps = path.removeprefix(ARGUMENTS).split(".")
    for at, step in enumerate(steps):
        tests.append(f"{literal(step)} in {found}")
        simple = _MEMBER.fullmatch(step) and step not in _WORDS
        found = f"{found}.{step}" if simple else f"{found}[{literal(step)}]"
        if at < len(steps) - 1:
            tests.append(f"type({found}) == map")
    return " && ".join(tests), found


def _test(op: str, found: str, value: Any) -> str | None:
    if op == "eq":
        return _equals(found, value)
    if op == "in":
        return _is_in(found, value)
    if op == "regex":
        return f"type({found}) == string && {found}.matches({literal(str(value))})"
    if op == "contains":
        return _contains(found, value)
    number = _number(value)
    signs = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
    return None if number is None else f"type({found}) == double && {found} {signs[op]} {number}"


def _equals(found: str, value: object) -> str | None:
    if isinstance(value, bool):
        return f"type({found}) == bool && {found} == {json.dumps(value)}"
    if isinstance(value, str):
        return f"type({found}) == string && {found} == {literal(value)}"
    number = _number(value)
    return None if number is None else f"type({found}) == double && {found} == {number}"


def _is_in(found: str, values: Sequence[object]) -> str | None:
    texts = [value for value in values if isinstance(value, str)]
    tests = [_equals(found, value) for value in values if not isinstance(value, str)]
    if texts:
        tests.insert(0, f"type({found}) == string && {found} in {literals(texts)}")
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return None
    return "(" + " || ".join(known or ["false"]) + ")"


def _contains(found: str, value: object) -> str | None:
    element = _equals("e", value)
    if element is None:
        return None
    listed = f"type({found}) == list ? {found}.exists(e, {element}) : false"
    if not isinstance(value, str):
        return f"({listed})"
    return f"(type({found}) == string ? {found}.contains({literal(value)}) : {listed})"


def _number(value: object) -> str | None:
    # Whole numbers beyond 2^53 are not exact in JSON as gateways read it; every number there is a double.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
        return None
    return repr(float(value))
