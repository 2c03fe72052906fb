"""A tool's conditions as one regular expression over a call's arguments, as Gemini CLI writes them; nothing of rules.

It writes them as JSON with sorted keys and puts a NUL before and after each member of the outermost object: so a
member can be found without being imitated by a string. Within one the exact text of a value can be compared; numbers
cannot be ordered, and a string's own characters cannot be told from their escapes.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from policy.formats._surrogates import is_sayable
from policy.rules import ARGUMENTS, Condition, Guard

_MAX_PATTERN = 2048  # Gemini CLI drops the rule of a longer one, and of one with a repeated group: so none is repeated
_EXACT = 2**53  # the integers below are written alike everywhere
_LITERAL = re.compile(r'[A-Za-z0-9_ ":,@/-]')
_ANYWHERE = r"[\s\S]*"


def arguments_pattern(require: Iterable[Condition], guards: Iterable[Guard]) -> str | None:
    """Match the calls that fulfil all of `require` and stop at none of `guards`; None when that cannot be said.

    The pattern is empty when every call does.
    """
    tests = [_test(condition) for condition in require]
    stops = [[_test(condition) for condition in guard.conditions] for guard in guards]
    if None in tests or any(None in stop for stop in stops):
        return None
    if len(tests) == 1 and not stops and tests[0] and tests[0][0]:
        return _taken(tests[0][1])
    looks = [_look(test) for test in tests if test]
    looks += [f"(?!{''.join(_look(test) for test in stop if test)})" for stop in stops]
    return _taken(f"^{''.join(looks)}") if looks else ""


def _taken(pattern: str) -> str | None:
    return pattern if len(pattern) <= _MAX_PATTERN else None


def _look(test: tuple[bool, str]) -> str:
    found, member = test
    return f"(?{'=' if found else '!'}{_ANYWHERE}{member})"


def _test(condition: Condition) -> tuple[bool, str] | None:
    """Say which member must be found, or must not be; None when the condition is not about a member's exact text."""
    name = condition.path.removeprefix(ARGUMENTS)
    key = _value(name)
    if "." in name or key is None:
        return None
    if condition.op == "exists":
        return bool(condition.value if condition.value is not None else True), rf"\x00{key}:"
    if condition.op not in ("eq", "neq", "in", "not_in"):
        return None
    values = condition.value if condition.op in ("in", "not_in") else [condition.value]
    texts = [_value(value) for value in values]
    if not texts or None in texts:
        return None
    return condition.op in ("eq", "in"), rf"\x00{key}:({'|'.join(filter(None, texts))})\x00"


def _value(value: Any) -> str | None:
    """Spell a value as JavaScript writes it, as a pattern of ASCII characters; None when that is not sure."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        return None
    if not isinstance(value, str | int | None) or (isinstance(value, str) and not is_sayable(value)):
        return None
    return "".join(_literal(char) for char in json.dumps(value, ensure_ascii=False))


def _literal(char: str) -> str:
    if _LITERAL.match(char):
        return char
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
