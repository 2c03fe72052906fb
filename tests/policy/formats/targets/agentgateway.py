"""How agentgateway reads `mcpAuthorization`: deny, then require, then allow; without a rule all is allowed.

An expression that fails does not hold.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from tests.policy.formats.cel_rule import Rule
from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    rules = yaml.safe_load(text)["mcp"]["policies"]["mcpAuthorization"]["rules"]
    typed = [rule if isinstance(rule, dict) else {"allow": rule} for rule in rules]
    assert all(len(rule) == 1 and set(rule) <= {"allow", "deny", "require"} for rule in typed)
    compiled = [(kind, Rule(text, "mcp")) for rule in typed for kind, text in rule.items()]

    @cache  # its rules see no arguments
    def judged(tool: str) -> str:
        mcp = {"tool": {"target": server, "name": tool}}
        other = {"tool": {"target": f"{server}x", "name": tool}}
        if any(kind == "allow" for kind, _ in compiled):
            assert not _passes(compiled, other)  # another target's tool of the same name
        return "allow" if _passes(compiled, mcp) else "deny"

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        return judged(tool)

    return judge


def _passes(compiled: list[tuple[str, Rule]], mcp: Mapping[str, Any]) -> bool:
    held: dict[str, list[bool]] = {"deny": [], "require": [], "allow": []}
    for kind, rule in compiled:
        held[kind].append(rule.holds(mcp))
    if any(held["deny"]) or not all(held["require"]):
        return False
    return any(held["allow"]) or not held["allow"]
