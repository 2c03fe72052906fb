"""What the Rego formats share: one constant module that judges a call, and the policy as the data it reads.

A module is `render_module` of what its own lines call `tool_name`, `arguments` and `counts`.
"""

import json
import re
from typing import Any

from policy.errors import PolicyError
from policy.recommendation import Recommendation
from policy.rules import ARGUMENTS, Condition, Guard, Limit

_JUDGE = """\
default decision := "deny"

decision := "ask" if {
	passes
	asks
}

decision := "allow" if {
	passes
	not asks
	not exceeds
}

decision := "throttle" if {
	passes
	not asks
	exceeds
}

passes if {
	is_string(tool_name)
	is_object(arguments)
	tool.decision in {"allow", "ask"}
	not unreadable
	every condition in required { holds(condition) }
	not stopped
	not uncounted
}

asks if tool.decision == "ask"

asks if {
	some guard in guards
	guard.asks
	stops(guard)
}

stopped if {
	some guard in guards
	not guard.asks
	stops(guard)
}

stops(guard) if {
	every condition in guard.conditions { holds(condition) }
}

tool := object.get(policy.tools, tool_name, {"decision": policy["default"]})

required := object.get(tool, "require", [])

guards := object.get(tool, "guards", [])

limits := array.concat(object.get(tool, "limits", []), policy.limits)

# A pattern that this engine cannot read would let a call slip past its guard.
unreadable if {
	some condition in array.concat(required, [one | some guard in guards; some one in guard.conditions])
	condition.op == "regex"
	not regex.is_valid(condition.value)
}

# No JSON value is a set, so nothing that was given is taken for what is missing.
missing := set()

look_up(path) := object.get(arguments, path, missing)

present(path) if look_up(path) != missing

holds(condition) if {
	condition.op == "exists"
	condition.value
	present(condition.path)
}

holds(condition) if {
	condition.op == "exists"
	not condition.value
	not present(condition.path)
}

holds(condition) if {
	condition.op in {"neq", "not_in"}
	not present(condition.path)
}

holds(condition) if {
	present(condition.path)
	compares(condition.op, look_up(condition.path), condition.value)
}

compares("eq", found, value) if found == value

compares("neq", found, value) if found != value

compares("in", found, value) if is_listed(found, value)

compares("not_in", found, value) if not is_listed(found, value)

compares("contains", found, value) if {
	is_string(found)
	is_string(value)
	contains(found, value)
}

compares("contains", found, value) if is_listed(value, found)

compares("regex", found, value) if {
	is_string(found)
	regex.match(value, found)
}

compares("lt", found, value) if {
	are_numbers(found, value)
	found < value
}

compares("lte", found, value) if {
	are_numbers(found, value)
	found <= value
}

compares("gt", found, value) if {
	are_numbers(found, value)
	found > value
}

compares("gte", found, value) if {
	are_numbers(found, value)
	found >= value
}

is_listed(one, values) if {
	is_array(values)
	one in values
}

are_numbers(found, value) if {
	is_number(found)
	is_number(value)
}

exceeds if {
	is_object(counts)
	some limit in limits
	object.get(counts, limit.counter, 0) + step(limit) > limit.max
}

uncounted if {
	counts != null
	not is_object(counts)
}

uncounted if {
	is_object(counts)
	some limit in limits
	not is_counted(limit)
}

is_counted(limit) if {
	is_number(object.get(counts, limit.counter, 0))
	step(limit) >= 0
}

step(limit) := 1 if not limit.amount

step(limit) := amount if {
	amount := look_up(limit.amount)
	is_number(amount)
}
"""
_BEYOND_ASCII = re.compile("[\x7f-\uffff]")


def render_module(own_lines: str, policy: dict[str, Any]) -> str:
    """Write a module: its own reading of the input, the judge, and the policy as data."""
    return f"package toolrisk\n\nimport rego.v1\n\n{own_lines}\n{_JUDGE}\npolicy := {to_literal(policy)}\n"


def to_literal(value: object) -> str:
    """Write a value as a Rego literal: JSON is one, and nothing in a string can end it.

    What is beyond ASCII is escaped, but for what JSON needs two escapes for: not every engine puts those together.
    Raises PolicyError for a number that JSON does not know.
    """
    try:
        written = json.dumps(value, indent="\t", ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise PolicyError("the policy compares with a number that JSON cannot hold") from error
    return _BEYOND_ASCII.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


def write_rules(one: Recommendation, *, can_ask: bool = True) -> dict[str, Any]:
    """Write what stands before an allowed or asked tool. Where nobody can be asked, who would be asked is denied."""
    rules: dict[str, Any] = {"decision": str(one.decision)}
    if one.require:
        rules["require"] = [_condition(condition) for condition in one.require]
    if one.guards:
        rules["guards"] = [_guard(guard, can_ask=can_ask) for guard in one.guards]
    return rules


def write_limits(limits: tuple[Limit, ...]) -> list[dict[str, Any]]:
    """Write limits: what is counted, for how long, for whom, and how much is allowed."""
    return [_limit(limit) for limit in limits]


def _condition(condition: Condition) -> dict[str, Any]:
    value = condition.value
    if condition.op == "exists":
        value = True if value is None else bool(value)
    return {"path": _steps(condition.path), "op": condition.op, "value": value}


def _guard(guard: Guard, *, can_ask: bool) -> dict[str, Any]:
    return {"asks": guard.asks and can_ask, "conditions": [_condition(condition) for condition in guard.conditions]}


def _limit(limit: Limit) -> dict[str, Any]:
    written: dict[str, Any] = {"counter": limit.counter, "window": limit.window, "scope": limit.scope, "max": limit.max}
    if limit.increment_from is not None:
        written["amount"] = _steps(limit.increment_from)
    return written


def _steps(path: str) -> list[str]:
    return path.removeprefix(ARGUMENTS).split(".")
