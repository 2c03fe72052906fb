"""How the Agents SDK reads a local server's arguments: allowed names, then blocked ones; asks only where told so."""

import json
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    arguments = json.loads(text)
    assert set(arguments) == {"name", "tool_filter", "require_approval"}
    assert arguments["name"] == server
    chosen = arguments["tool_filter"]
    assert set(chosen) <= {"allowed_tool_names", "blocked_tool_names"}
    asks = _normalize(arguments["require_approval"])

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        if "allowed_tool_names" in chosen and tool not in chosen["allowed_tool_names"]:
            return "deny"
        if tool in chosen.get("blocked_tool_names", []):
            return "deny"
        return "ask" if asks.get(tool, False) else "allow"

    return judge


def _normalize(approval: Mapping[str, Any]) -> dict[str, bool]:
    # Only an object with `tool_names` in it is read as groups; any other would be read as names of tools.
    assert any("tool_names" in approval.get(when, {}) for when in ("always", "never"))
    assert set(approval) <= {"always", "never"}
    groups = {when: one.get("tool_names", []) for when, one in approval.items()}
    assert not set(groups.get("always", [])) & set(groups.get("never", []))
    return {name: when == "always" for when, names in groups.items() for name in names}
