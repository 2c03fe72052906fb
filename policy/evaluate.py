"""What a policy document says of a call: the reading that every format is held against, limits and all.

Order: hidden, not listed, required, guards, limits. The strictest answer stands; deny beats ask beats throttle.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from policy.document import PolicyDocument, ToolRules
from policy.rules import MISSING, Condition, Limit


class Verdict(StrEnum):
    """What happens to one call."""

    ALLOW = "allow"
    THROTTLE = "throttle"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool, `at` the time that its limits are counted in."""

    tool: str
    arguments: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """What happens to a call, the rule that says so by its place in the document, and what it says."""

    verdict: Verdict
    rule: str
    says: str = ""


@dataclass(slots=True)
class Evaluator:
    """Judges calls one after another; what passes is counted, as one grant."""

    document: PolicyDocument
    _counts: dict[tuple[str, str, datetime], float] = field(default_factory=lambda: defaultdict(float))

    def judge(self, call: Call) -> Ruling:
        """Judge one call, and count it if it may pass or a person is asked."""
        ruling = judge_arguments(self.document, call.tool, call.arguments)
        if ruling.verdict is Verdict.DENY:
            return ruling
        counted: list[tuple[tuple[str, str, datetime], float]] = []
        for place, limit in _limits(self.document, call.tool):
            step = _step(limit, call.arguments)
            if step is None:
                return Ruling(Verdict.DENY, place, f"{limit.increment_from} is no amount that can be counted")
            key = (limit.scope, limit.counter, _window(limit, call.at))
            if self._counts[key] + step > limit.max:
                if ruling.verdict is Verdict.ASK:
                    return ruling
                return Ruling(Verdict.THROTTLE, place, f"at most {limit.max} a {limit.window}")
            counted.append((key, step))
        for key, step in counted:
            self._counts[key] += step
        return ruling


def judge_arguments(document: PolicyDocument, tool: str, arguments: Mapping[str, Any]) -> Ruling:
    """Judge a call by all but the limits."""
    if document.hides(tool):
        return Ruling(Verdict.DENY, "hide", "hidden")
    if tool not in document.tools and document.default == "deny":
        return Ruling(Verdict.DENY, "default", "not listed")
    asked: Ruling | None = None
    for place, rules in _rules(document, tool):
        for at, condition in enumerate(rules.require or ()):
            if not condition.holds(arguments):
                return Ruling(Verdict.DENY, f"{place}.require[{at}]", condition_words(condition))
        for at, guard in enumerate(rules.deny_if or ()):
            if guard.holds(arguments):
                ruling = Ruling(
                    Verdict.ASK if guard.asks else Verdict.DENY, f"{place}.deny_if[{at}]", guard.on_deny or ""
                )
                if not guard.asks:
                    return ruling
                asked = asked or ruling
    listed = f"tools.{tool}" if tool in document.tools else "default"
    return asked or Ruling(Verdict.ALLOW, listed)


def condition_words(condition: Condition) -> str:
    """Say a condition in one line."""
    value = "" if condition.op == "exists" else f" {condition.value!r}"
    return f"{condition.path} {condition.op}{value}"


def _rules(document: PolicyDocument, tool: str) -> Iterator[tuple[str, ToolRules]]:
    if document.all_tools is not None:
        yield "all_tools", document.all_tools
    if tool in document.tools:
        yield f"tools.{tool}", document.tools[tool]


def _limits(document: PolicyDocument, tool: str) -> Iterator[tuple[str, Limit]]:
    for place, rules in _rules(document, tool):
        for at, limit in enumerate(rules.limits or ()):
            yield f"{place}.limits[{at}]", limit


def _step(limit: Limit, arguments: Mapping[str, Any]) -> float | None:
    """Say how much a call counts; None when the argument that is counted is no amount, which stops the call."""
    if limit.increment_from is None:
        return 1
    amount = Condition(limit.increment_from, "exists").look_up(arguments)
    if amount is MISSING or isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    return amount if 0 <= amount < float("inf") else None


def _window(limit: Limit, at: datetime) -> datetime:
    start = at.astimezone(UTC).replace(second=0, microsecond=0)
    if limit.window == "minute":
        return start
    return start.replace(minute=0) if limit.window == "hour" else start.replace(minute=0, hour=0)
