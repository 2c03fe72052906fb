"""How Claude Code reads permission rules: deny, then ask, then allow; a name that no rule matches is asked for."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge

_UNWORDLY = re.compile("[^a-zA-Z0-9_-]")


def load(text: str, server: str) -> Judge:
    permissions = json.loads(text)["permissions"]
    assert set(permissions) == {"allow", "ask", "deny"}
    assert re.fullmatch("[A-Za-z0-9_-]+", server), "the client's own rule for names"
    for effect, rules in permissions.items():
        for rule in rules:
            assert re.fullmatch("mcp__[A-Za-z0-9_-]+(\\*)?", rule), f"{effect} rule is skipped: {rule}"
            parts = rule.split("__", 2)
            assert len(parts) == 3, f"{rule} is the whole server"
            assert parts[1] == server
            assert parts[2]
            assert effect == "allow" or "*" not in rule

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        units = re.sub("[\U00010000-\U0010ffff]", "__", tool)
        name = f"mcp__{server}__{_UNWORDLY.sub('_', units)}"
        for effect in ("deny", "ask", "allow"):
            if any(_matches(rule, name) for rule in permissions[effect]):
                return effect
        return "ask"

    return judge


def _matches(rule: str, name: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in rule.split("*")), name, re.DOTALL) is not None
