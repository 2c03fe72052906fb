"""What a target must say of a call: the recommendation's own verdict, unless the loss report names another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from policy.conditions import is_check
from policy.format import Loss
from policy.recommendation import Decision, Recommendation
from policy.rules import MISSING, Condition


def verdict(one: Recommendation, arguments: Mapping[str, Any]) -> str:
    """Read a recommendation as its document means it."""
    if one.decision in (Decision.DENY, Decision.HIDE):
        return "deny"
    stopped = [guard for guard in one.guards if guard.holds(arguments)]
    if not all(condition.holds(arguments) for condition in one.require) or any(not guard.asks for guard in stopped):
        return "deny"
    return "ask" if stopped or one.decision is Decision.ASK else "allow"


def expected(one: Recommendation, losses: Iterable[Loss], arguments: Mapping[str, Any]) -> str:
    """Give the verdict that the target owes for a call, by the recommendation and the losses it reported.

    A loss of the whole tool (`deny`, `hide`, `name`) puts its own verdict in place; a loss of `conditions` holds for
    every call; one of `checks` that the recommendation stands without them; one of `ask` stands where the
    recommendation would ask; where no loss is told, the target must say exactly what the recommendation says.
    """
    own = [loss for loss in losses if loss.tool == one.tool and loss.wanted not in ("limits", "default")]
    if any(loss.wanted == "checks" for loss in own):
        one = replace(one, guards=tuple(guard for guard in one.guards if not is_check(guard)))
        own = [loss for loss in own if loss.wanted != "checks"]
    said = verdict(one, arguments)
    whole = [loss.got for loss in own if loss.wanted != "ask"]
    if whole:
        return whole[0]
    return own[0].got if own and said == "ask" else said


def is_owed(one: Recommendation, losses: Iterable[Loss], arguments: Mapping[str, Any], said: str) -> bool:
    """Say whether the target's verdict is the one owed, or a stricter one for a call with odd arguments.

    A target may stop more than was recommended, without a loss, where an argument is missing or of another kind.
    """
    wanted = expected(one, losses, arguments)
    strict = ["allow", "ask", "deny"]
    return said == wanted or (_is_odd(one, arguments) and strict.index(said) > strict.index(wanted))


def _is_odd(one: Recommendation, arguments: Mapping[str, Any]) -> bool:
    conditions = [*one.require, *(condition for guard in one.guards for condition in guard.conditions)]
    return any(_kind(condition.look_up(arguments)) not in _kinds(condition) for condition in conditions)


def _kinds(condition: Condition) -> set[str]:
    if condition.op == "exists":
        return {"absent", "str", "bool", "number"}
    values = condition.value if condition.op in ("in", "not_in") else [condition.value]
    return {_kind(value) for value in values}


def _kind(value: Any) -> str:
    if value is MISSING:
        return "absent"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def calls(one: Recommendation) -> Iterator[dict[str, Any]]:
    """Make calls that meet and that miss each condition, one argument at a time, and one with no arguments."""
    yield {}
    conditions = [*one.require, *(condition for guard in one.guards for condition in guard.conditions)]
    for condition in conditions:
        for value in _values(condition):
            arguments: dict[str, Any] = {}
            for other in conditions:
                _put(arguments, other.path, _values(other)[0])
            _put(arguments, condition.path, value)
            yield arguments


def _put(arguments: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.removeprefix("args.").split(".")
    for step in outer:
        arguments = arguments.setdefault(step, {})
    arguments[last] = value


def _values(condition: Condition) -> list[Any]:
    value = condition.value
    if condition.op in ("in", "not_in"):
        return [*value, "somethingelse", f"{value[0]}x"]
    if condition.op in ("eq", "neq"):
        return [value, "somethingelse", not value] if isinstance(value, bool) else [value, "somethingelse"]
    if condition.op in ("lt", "lte", "gt", "gte"):
        return [value, value - 1, value + 1, str(value)]
    if condition.op == "exists":
        return ["x"]
    if condition.op == "contains":
        return [f"a{value}b", "somethingelse"]
    return ["x", "select 1", "delete from t", "work/a.txt", "../a", "http://localhost/", "https://example.com/", 1]
