"""The parts a policy document is made of: conditions on arguments, guards, limits; and what each of them means.

They cross our border as JSON inside `policy.document.PolicyDocument`, so they forbid unknown keys. Patterns are RE2's:
linear in time whoever wrote them, and what most gateways read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import re2
from pydantic import ConfigDict, Field

Window = Literal["minute", "hour", "day"]
Operator = Literal["eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex", "contains", "exists"]

APPROVAL = "Requires human approval"  # how the published document says that a person decides
ARGUMENTS = "args."  # what every path begins with
MISSING = object()
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_NUMBER = ((int, float), "a number")
_LIST = ((list, tuple), "a list")
_KIND_OF_VALUE: Mapping[str, tuple[Any, str]] = {
    **dict.fromkeys(("lt", "lte", "gt", "gte"), _NUMBER),
    **dict.fromkeys(("in", "not_in"), _LIST),
    "regex": (str, "a text"),
    "exists": ((bool, type(None)), "true or false"),
}
_HOLD_WHEN_MISSING = frozenset({"neq", "not_in"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on one argument of the call. `path` is `args.` and the argument's name, one dot a level.

    Raises ValueError when the path names no argument, or the operator cannot compare with the value.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    path: str
    op: Operator
    value: Any = None

    def __post_init__(self) -> None:
        if not self.path.startswith(ARGUMENTS) or self.path == ARGUMENTS:
            raise ValueError(f"a path begins with `{ARGUMENTS}`, so {self.path!r} names no argument")
        kind, name = _KIND_OF_VALUE.get(self.op, (object, "anything"))
        if not isinstance(self.value, kind) or (name == "a number" and isinstance(self.value, bool)):
            raise ValueError(f"{self.op} compares with {name}, not with {self.value!r}")
        if self.op == "regex":
            compile_pattern(self.value)

    def holds(self, arguments: Mapping[str, Any]) -> bool:
        """Say whether the test holds for a call's arguments.

        An argument that is absent, or of a kind that the operator cannot compare, fails every test but `neq`,
        `not_in` and `exists: false`: what stands under `require` then denies.
        """
        found = self.look_up(arguments)
        if self.op == "exists":
            return (found is not MISSING) is bool(self.value if self.value is not None else True)
        if found is MISSING:
            return self.op in _HOLD_WHEN_MISSING
        return bool(_TESTS[self.op](found, self.value))

    def look_up(self, arguments: Mapping[str, Any]) -> Any:
        """Find the argument that `path` names, or MISSING."""
        found: Any = arguments
        for step in self.path.removeprefix(ARGUMENTS).split("."):
            if not isinstance(found, Mapping) or step not in found:
                return MISSING
            found = found[step]
        return found


@dataclass(frozen=True, slots=True)
class Guard:
    """Deny when all conditions hold; with none, always. One whose `on_deny` speaks of approval asks a person."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    conditions: tuple[Condition, ...]
    on_deny: str | None = None

    @property
    def asks(self) -> bool:
        """Whether a person may still let the call pass."""
        return (self.on_deny or "").startswith(APPROVAL)

    def holds(self, arguments: Mapping[str, Any]) -> bool:
        """Say whether the guard stops a call with these arguments."""
        return all(condition.holds(arguments) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `max` calls in a `window`, counted under `counter` for each `scope`.

    With `increment_from` it is not calls that are counted but the number in that argument: a spending cap.
    Windows begin with the UTC minute, hour or day.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    counter: str
    window: Window
    max: Annotated[int, Field(ge=0)]
    scope: str = "grant"
    increment_from: str | None = None


def _equal(found: Any, value: Any) -> bool:
    # JSON knows numbers and truth values apart; Python does not.
    return isinstance(found, bool) is isinstance(value, bool) and bool(found == value)


def _is_in(found: Any, values: Any) -> bool:
    return isinstance(values, list | tuple) and any(_equal(found, value) for value in values)


def _contains(found: Any, value: Any) -> bool:
    if isinstance(found, str):
        return isinstance(value, str) and value in found
    return isinstance(found, Sequence) and _is_in(value, list(found))


@lru_cache(maxsize=1000)
def compile_pattern(pattern: str) -> Any:
    """Compile a pattern as RE2 reads it. Raises ValueError, saying what RE2 does not know."""
    try:
        return re2.compile(pattern, options=_OPTIONS)
    except re2.error as error:
        fault = error.args[0] if error.args else "not understood"
        raise ValueError(f"no regular expression: {_as_text(fault)}") from error


def _as_text(fault: Any) -> str:
    return fault.decode("utf-8", "replace") if isinstance(fault, bytes) else str(fault)


def _matches(found: Any, pattern: Any) -> bool:
    # A lone surrogate is no text that RE2 can search; what a call holds of them is searched as question marks.
    return isinstance(found, str) and bool(compile_pattern(pattern).search(found.encode("utf-8", "replace").decode()))


def _order(found: Any, value: Any) -> int | None:
    """Compare two numbers: below, equal, above as -1, 0, 1; None when they are not both numbers."""
    numbers = [one for one in (found, value) if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) < 2 or numbers[0] != numbers[0]:  # NaN equals nothing
        return None
    return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])


_TESTS: dict[str, Any] = {
    "eq": _equal,
    "neq": lambda found, value: not _equal(found, value),
    "in": _is_in,
    "not_in": lambda found, values: not _is_in(found, values),
    "lt": lambda found, value: _order(found, value) == -1,
    "lte": lambda found, value: _order(found, value) in (-1, 0),
    "gt": lambda found, value: _order(found, value) == 1,
    "gte": lambda found, value: _order(found, value) in (0, 1),
    "regex": _matches,
    "contains": _contains,
}
