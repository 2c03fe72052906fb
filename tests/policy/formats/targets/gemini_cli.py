"""How Gemini CLI reads rules: the first match from the highest priority on decides; tools are known by full names.

Arguments are compared as JSON with sorted keys, with a NUL around each member of the outermost object, by a JavaScript
regular expression; both are taken here as UTF-16 units.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge

_KEYS = {"mcpName", "toolName", "decision", "priority", "argsPattern", "denyMessage"}
_VERDICTS = {"allow": "allow", "ask_user": "ask", "deny": "deny"}
_HIGHEST_SETTING, _EXCLUDED = 400, 900


def load(text: str, server: str) -> Judge:
    rules = tomllib.loads(text)["rule"]
    for rule in rules:
        _check(rule, server)
    rules.sort(key=lambda rule: -rule["priority"])
    assert "_" not in server, "a full name is split at the first underscore"

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        name = _full_name(server, tool)
        members = _units(_stable(arguments))
        for rule in rules:
            pattern = rule.get("argsPattern")
            if _covers(rule, server, name) and (pattern is None or re.search(pattern, members)):
                return _VERDICTS[rule["decision"]]
        return "ask"

    return judge


def _check(rule: dict[str, Any], server: str) -> None:
    assert set(rule) <= _KEYS
    assert rule["mcpName"] == server
    assert rule["decision"] in _VERDICTS
    assert _HIGHEST_SETTING < rule["priority"] < _EXCLUDED
    names = rule["toolName"] if isinstance(rule["toolName"], list) else [rule["toolName"]]
    assert all(names), "an empty name is refused"
    assert all(name == "*" or "*" not in name for name in names)
    pattern = rule.get("argsPattern")
    if pattern is not None:
        assert pattern.isascii()
        assert len(pattern) <= 2048
        assert not re.search(r"\([^)]*[*+?{].*\)[*+?{]", pattern), "Gemini CLI would drop the rule"
        assert "(?i)" not in pattern


def _full_name(server: str, tool: str) -> str:
    name = f"{server}_{tool}"
    name = name if name.startswith("mcp_") else f"mcp_{name}"
    name = re.sub("[^a-zA-Z0-9_.:-]", "_", _units(name))
    return name if len(name) <= 63 else f"{name[:30]}...{name[-30:]}"


def _covers(rule: dict[str, Any], server: str, name: str) -> bool:
    if rule["toolName"] == "*":
        return name.startswith(f"mcp_{server}_")
    names = rule["toolName"] if isinstance(rule["toolName"], list) else [rule["toolName"]]
    return name in [f"mcp_{server}_{each}" for each in names]


def _units(text: str) -> str:
    encoded = text.encode("utf-16-be", "surrogatepass")
    return "".join(chr(encoded[at] << 8 | encoded[at + 1]) for at in range(0, len(encoded), 2))


def _stable(value: Any, *, outermost: bool = True) -> str:
    if isinstance(value, Mapping):
        edge = "\0" if outermost else ""
        pairs = [
            f"{edge}{json.dumps(key, ensure_ascii=False)}:{_stable(value[key], outermost=False)}{edge}"
            for key in sorted(value)
        ]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_stable(each, outermost=False) for each in value) + "]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False)
