"""How Intercept reads its policy: what it refuses to load, how it compares, and how it counts.

Arguments come from JSON, so every number in a call is a float of 64 bits; what is equal is equal as number or as text.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import re2
import yaml

from tests.policy.formats.target import Judge

_OPERATORS = {"eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex", "contains", "exists"}
_WINDOWS = {"minute", "hour", "day"}


class Intercept:
    """A running proxy with its counters, within one window."""

    def __init__(self, text: str) -> None:
        self.policy = yaml.safe_load(text)
        assert set(self.policy) <= {"version", "description", "default", "hide", "tools"}
        assert self.policy["version"] == "1"
        assert self.policy["default"] in ("allow", "deny")
        self.hidden = self.policy.get("hide", [])
        assert all(name.strip() for name in self.hidden)
        assert len(self.hidden) == len(set(self.hidden))
        self.rules = {
            name: [_expand(name, rule) for rule in one["rules"]] for name, one in self.policy["tools"].items()
        }
        for rules in self.rules.values():
            self._validate(rules)
        self.counters: Counter[str] = Counter()

    def call(self, tool: str, arguments: Mapping[str, Any]) -> bool:
        """Decide a call, and count it if it passes."""
        if tool in self.hidden or "*" in self.hidden:
            return False
        if self.policy["default"] == "deny" and tool not in self.rules:
            return False
        applied = [(tool, rule) for rule in self.rules.get(tool, [])]
        if tool != "*":
            applied += [("_global", rule) for rule in self.rules.get("*", [])]
        found = _from_json(arguments)
        for _, rule in applied:
            if rule["action"] == "deny" or not all(self._holds(one, found) for one in rule["conditions"]):
                return False
        return self._reserve(applied, found)

    def _reserve(self, applied: list[tuple[str, dict[str, Any]]], arguments: Any) -> bool:
        taken: Counter[str] = Counter()
        for scope, rule in applied:
            if "state" not in rule:
                continue
            key = f"{scope}.{rule['state']['counter']}"
            most = [
                int(one["value"]) for one in rule["conditions"] if one["path"] == f"state.{key}" and one["op"] == "lte"
            ]
            amount = 1
            if "increment_from" in rule["state"]:
                value = _look_up(arguments, rule["state"]["increment_from"].removeprefix("args."))
                if not isinstance(value, float):
                    return False
                amount = int(value)
            if most and self.counters[key] + amount > most[0]:
                return False
            taken[key] += amount
        self.counters.update(taken)
        return True

    def _holds(self, condition: Mapping[str, Any], arguments: Any) -> bool:
        path = condition["path"]
        if path.startswith("state."):
            found: Any = float(self.counters[path.removeprefix("state.")])
        else:
            found = _look_up(arguments, path.removeprefix("args."))
        if condition["op"] == "exists":
            return (found is not _ABSENT and found is not None) is condition["value"]
        return found is not _ABSENT and _compare(condition["op"], found, condition["value"])

    def _validate(self, rules: list[dict[str, Any]]) -> None:
        counters = [rule["state"]["counter"] for rule in rules if "state" in rule]
        assert len(counters) == len(set(counters))
        for rule in rules:
            assert set(rule) <= {"name", "action", "conditions", "on_deny", "state"}
            assert rule["name"]
            assert rule["action"] in ("evaluate", "deny")
            assert bool(rule["conditions"]) is (rule["action"] == "evaluate")
            for condition in rule["conditions"]:
                _validate_condition(condition)
                if condition["path"].startswith("state."):
                    self._validate_counter(condition["path"])
            if "state" in rule:
                assert rule["state"]["counter"]
                assert rule["state"]["window"] in _WINDOWS
                assert rule["state"].get("increment_from", "args.").startswith("args.")

    def _validate_counter(self, path: str) -> None:
        """Split as Intercept does: a dot in a tool's name would end it."""
        _, tool, counter = path.split(".", 2)
        rules = self.rules.get(tool, self.rules.get("*", []) if tool == "_global" else [])
        assert counter in [rule["state"]["counter"] for rule in rules if "state" in rule]


_ABSENT = object()


def load(text: str, server: str) -> Judge:
    proxy = Intercept(text)

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        proxy.counters.clear()
        return "allow" if proxy.call(tool, arguments) else "deny"

    return judge


def _expand(tool: str, rule: dict[str, Any]) -> dict[str, Any]:
    if "rate_limit" not in rule:
        return {"action": "evaluate", "conditions": [], **rule}
    assert set(rule) <= {"name", "rate_limit", "on_deny"}
    count, window = rule["rate_limit"].split("/")
    assert int(count) > 0
    assert window in _WINDOWS
    scope = "_global" if tool == "*" else tool
    condition = {"path": f"state.{scope}._rate_{window}", "op": "lte", "value": int(count)}
    state = {"counter": f"_rate_{window}", "window": window}
    return {"name": rule["name"], "action": "evaluate", "conditions": [condition], "state": state}


def _validate_condition(condition: Mapping[str, Any]) -> None:
    assert condition["path"].startswith(("args.", "state."))
    op, value = condition["op"], condition["value"]
    assert op in _OPERATORS
    assert op not in ("in", "not_in") or isinstance(value, list)
    assert op not in ("lt", "lte", "gt", "gte") or _number(value) is not None
    assert op != "exists" or isinstance(value, bool)
    if op == "regex":
        re2.compile(value)


def _compare(op: str, found: Any, value: Any) -> bool:
    if op in ("eq", "neq"):
        return _equal(found, value) is (op == "eq")
    if op in ("in", "not_in"):
        return any(_equal(found, one) for one in value) is (op == "in")
    if op == "regex":
        return isinstance(found, str) and re2.search(value, found) is not None
    if op == "contains":
        if isinstance(found, str):
            return isinstance(value, str) and value in found
        return isinstance(found, list) and any(_equal(one, value) for one in found)
    left, right = _number(found), _number(value)
    if left is None or right is None:
        return False
    return {"lt": left < right, "lte": left <= right, "gt": left > right, "gte": left >= right}[op]


def _equal(found: Any, value: Any) -> bool:
    left, right = _number(found), _number(value)
    if left is not None and right is not None:
        return left == right
    return _printed(found) == _printed(value)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _printed(value: Any) -> str:
    """Print as Go's %v does."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + " ".join(_printed(one) for one in value) + "]"
    if isinstance(value, Mapping):
        return "map[" + " ".join(f"{name}:{_printed(one)}" for name, one in sorted(value.items())) + "]"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _look_up(arguments: Any, path: str) -> Any:
    for step in path.split("."):
        if not isinstance(arguments, Mapping) or step not in arguments:
            return _ABSENT
        arguments = arguments[step]
    return arguments


def _from_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _from_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_from_json(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
