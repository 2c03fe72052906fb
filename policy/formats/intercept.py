"""Format intercept: the YAML policy of PolicyLayer's Intercept, which checks arguments, counts calls and hides tools.

Nobody can be asked. How single conditions are written is in _intercept.py.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from policy.format import Format, Loss, Rendered
from policy.formats._intercept import Written, is_number, write_condition, write_guard
from policy.formats._yaml import to_yaml
from policy.recommendation import Decision, Recommendation, ServerPolicy
from policy.rules import ARGUMENTS, Limit

_EVERY = "*"  # as a tool's name it means all tools, so a tool of this name cannot be written
_GLOBAL = "_global"  # under this name the calls of all tools are counted
_ASKS = "A person would have to approve this."
_DENIED = "The policy does not allow this tool."


@dataclass(slots=True)
class _Draft:
    """The document's parts while the tools are being added."""

    shared: frozenset[str]  # counters that several tools count under
    hidden: list[str] = field(default_factory=list)
    tools: dict[str, dict[str, Any]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)


def render(policy: ServerPolicy) -> Rendered:
    """Write every tool down: what must hold, how often, or that it is denied or hidden."""
    counters = Counter(limit.counter for one in policy.tools for limit in one.limits)
    draft = _Draft(frozenset(counter for counter, count in counters.items() if count > 1))
    names = {one.tool for one in policy.tools}
    default = policy.default
    if _EVERY in names and default is Decision.ALLOW:
        default = Decision.DENY
        draft.losses.append(Loss("", "default", "deny"))
    if policy.limits:
        # With rules for all tools, a tool that is itself named like that would pass for a listed one.
        rules = None if {_EVERY, _GLOBAL} & names else _limit_rules(_GLOBAL, policy.limits)
        if rules is None:
            draft.losses.append(Loss("", "limits", "dropped"))
        else:
            draft.tools[_EVERY] = {"rules": rules}
    for one in policy.tools:
        _add(one, draft)
    document = {
        "version": "1",
        "description": f"Recommended policy for {policy.server}",
        "default": default.value,
        **({"hide": draft.hidden} if draft.hidden else {}),
        "tools": draft.tools,
    }
    return Rendered(to_yaml(document), tuple(sorted(draft.losses, key=lambda loss: loss.tool)))


def _add(one: Recommendation, draft: _Draft) -> None:
    if one.tool == _EVERY:
        if one.decision in (Decision.ALLOW, Decision.ASK):
            draft.losses.append(Loss(one.tool, "name", "deny"))
    elif one.decision is Decision.HIDE and one.tool.strip():
        draft.hidden.append(one.tool)
    elif one.decision is Decision.ALLOW:
        _add_allowed(one, draft)
    else:
        if one.decision is Decision.ASK:
            draft.losses.append(Loss(one.tool, "ask", "deny"))
        draft.tools[one.tool] = {"rules": [_deny(_ASKS if one.decision is Decision.ASK else _DENIED)]}


def _add_allowed(one: Recommendation, draft: _Draft) -> None:
    rules = _argument_rules(one)
    if rules is None:
        draft.losses.append(Loss(one.tool, "conditions", "deny"))
        draft.tools[one.tool] = {"rules": [_deny(_DENIED)]}
        return
    if any(guard.asks for guard in one.guards):
        draft.losses.append(Loss(one.tool, "ask", "deny"))
    # The name stands inside a dotted path where calls are counted, and Intercept refuses one that it splits.
    countable = "." not in one.tool and one.tool != _GLOBAL
    limits = _limit_rules(one.tool, one.limits) if countable else None
    if one.limits and (limits is None or any(limit.counter in draft.shared for limit in one.limits)):
        draft.losses.append(Loss(one.tool, "limits", "dropped"))
    draft.tools[one.tool] = {"rules": [*rules, *(limits or [])]}


def _argument_rules(one: Recommendation) -> list[dict[str, Any]] | None:
    rules: list[dict[str, Any]] = []
    required: Written = []
    for condition in one.require:
        written = write_condition(condition)
        if written is None:
            return None
        required += written
    if required:
        rules.append({"name": "required arguments", "conditions": required, "on_deny": "These arguments are not met."})
    for number, guard in enumerate(one.guards, 1):
        said = guard.on_deny or "These arguments are not allowed."
        written = write_guard(guard)
        if written is None and guard.conditions:
            return None
        rules.append({"name": f"guard {number}", "conditions": written, "on_deny": said} if written else _deny(said))
    return rules


def _deny(said: str) -> dict[str, Any]:
    return {"name": "denied", "action": "deny", "on_deny": said}


def _limit_rules(scope: str, limits: tuple[Limit, ...]) -> list[dict[str, Any]] | None:
    """Write limits; None when one of them counts otherwise than by calls or numbers of one tool."""
    rules: list[dict[str, Any]] = []
    short: set[str] = set()
    for number, limit in enumerate(limits, 1):
        if limit.scope != "grant" or not is_number(limit.max):
            return None
        name = f"limit {number}"
        if limit.increment_from is None and limit.max > 0 and limit.window not in short:
            short.add(limit.window)
            rules.append({"name": name, "rate_limit": f"{limit.max}/{limit.window}"})
        else:
            rules.append({"name": name, **_count(scope, number, limit)})
    return rules


def _count(scope: str, number: int, limit: Limit) -> dict[str, Any]:
    counter = f"limit_{number}"
    state: dict[str, Any] = {"counter": counter, "window": limit.window}
    conditions: Written = [{"path": f"state.{scope}.{counter}", "op": "lte", "value": limit.max}]
    if limit.increment_from is not None:
        # Intercept cuts numbers to whole ones of 64 bits: small, negative and vast ones would not count.
        path = ARGUMENTS + limit.increment_from.removeprefix(ARGUMENTS)
        state["increment_from"] = path
        conditions += [{"path": path, "op": "gte", "value": 1}, {"path": path, "op": "lte", "value": limit.max}]
    said = f"The limit of {limit.max} per {limit.window} is reached."
    return {"conditions": conditions, "on_deny": said, "state": state}


FORMAT = Format(
    id="intercept",
    title="Intercept: policy.yaml",
    file="policy.yaml",
    language="yaml",
    render=render,
    checked="PolicyLayer/Intercept, POLICY.md and internal/engine",
    notes=(
        "A condition on an argument that is missing denies the call, also where it forbids a value only.",
        "Only `exists` takes an argument that is null for one that is missing.",
        "A spending limit counts whole numbers: 1.99 counts as 1, and less than 1 is denied.",
        "A call that the server answers with an error does not count.",
    ),
)
