"""How the Responses API reads an `mcp` tool: what is not in `allowed_tools` is not offered, approval is by name."""

import json
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge

_KEYS = {"type", "server_label", "allowed_tools", "require_approval"}


def load(text: str, server: str) -> Judge:
    (tool,) = json.loads(text)["tools"]
    assert set(tool) == _KEYS
    assert tool["type"] == "mcp"
    assert tool["server_label"] == server
    allowed, approval = tool["allowed_tools"], tool["require_approval"]
    assert len(allowed) == len(set(allowed))
    # What an empty list means is not documented: the text must be safe whatever it means.
    assert allowed or approval == "always"
    if approval != "always":
        assert set(approval) <= {"always", "never"}
        named = [name for one in approval.values() for name in one["tool_names"]]
        assert sorted(named) == allowed

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        if tool not in allowed:
            return "deny"
        free = approval != "always" and tool in approval["never"]["tool_names"]
        return "allow" if free else "ask"

    return judge
