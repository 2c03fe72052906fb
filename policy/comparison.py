"""What differs between two policies of one server, tool by tool, and whether the second lets more pass."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from policy.evaluate import condition_words
from policy.recommendation import Decision, Recommendation, ServerPolicy
from policy.rules import Guard, Limit


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs for one tool. `is_looser` is None when neither side is plainly the stricter."""

    tool: str
    before: str
    after: str
    is_looser: bool | None


def compare(before: ServerPolicy, after: ServerPolicy) -> list[Difference]:
    """List the tools that two policies treat differently, sorted by name; `default` stands for all others."""
    found = []
    if before.default is not after.default:
        looser = after.default is Decision.ALLOW
        found.append(Difference("default", before.default, after.default, looser))
    old = {one.tool: one for one in before.tools}
    new = {one.tool: one for one in after.tools}
    for tool in sorted(old.keys() | new.keys()):
        one = old.get(tool) or Recommendation(tool, before.default)
        other = new.get(tool) or Recommendation(tool, after.default)
        if _rules_of(one) != _rules_of(other):
            found.append(Difference(tool, rule_words(one), rule_words(other), _is_looser(one, other)))
    return found


def rule_words(one: Recommendation) -> str:
    """Say what stands before a tool in one line."""
    parts = [str(one.decision)]
    parts += [f"if {condition_words(condition)}" for condition in one.require]
    parts += [f"{'ask' if guard.asks else 'deny'} if {_guard_words(guard)}" for guard in one.guards]
    parts += [_limit_words(limit) for limit in one.limits]
    return ", ".join(parts)


def _guard_words(guard: Guard) -> str:
    return " and ".join(condition_words(condition) for condition in guard.conditions)


def _limit_words(limit: Limit) -> str:
    what = f"of {limit.increment_from} " if limit.increment_from else ""
    return f"at most {limit.max} {what}a {limit.window}"


def _rules_of(one: Recommendation) -> tuple[object, ...]:
    return (one.decision, _set(one.require), _set(one.guards), _set(one.limits))


def _set(rules: Iterable[object]) -> frozenset[str]:
    return frozenset(repr(rule) for rule in rules)


def _is_looser(one: Recommendation, other: Recommendation) -> bool | None:
    """Compare by what is certain: the decision, then rules that one side has and the other lacks."""
    if one.decision is not other.decision:
        if other.decision.strictness < one.decision.strictness:
            return True
        # A person who is asked stands for a limit, not for a condition.
        return None if other.decision is Decision.ASK and _lacks(replace(one, limits=()), other) else False
    lost, gained = _lacks(one, other), _lacks(other, one)
    if lost and gained:
        return None
    return lost


def _lacks(one: Recommendation, other: Recommendation) -> bool:
    """Tell whether `other` lacks a rule that `one` has."""
    return any(
        _set(rules) - _set(others)
        for rules, others in (
            (one.require, other.require),
            (one.guards, other.guards),
            (one.limits, other.limits),
        )
    )
