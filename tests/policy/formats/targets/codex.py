"""How Codex reads a server's table: a tool is offered when enabled and not disabled, then its approval mode holds."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge

_KEYS = {"enabled_tools", "disabled_tools", "default_tools_approval_mode", "tools"}
_VERDICTS = {"approve": "allow", "prompt": "ask"}


def load(text: str, server: str) -> Judge:
    assert re.fullmatch("[a-zA-Z0-9_-]+", server), "Codex does not start such a server"
    config = tomllib.loads(text)
    assert set(config) == {"mcp_servers"}
    assert set(config["mcp_servers"]) == {server}
    keys = config["mcp_servers"][server]
    assert set(keys) <= _KEYS
    assert all(set(tool) == {"approval_mode"} for tool in keys.get("tools", {}).values())

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        if tool not in keys.get("enabled_tools", [tool]) or tool in keys.get("disabled_tools", []):
            return "deny"
        chosen = keys.get("tools", {}).get(tool, {})
        return _VERDICTS[chosen.get("approval_mode", keys["default_tools_approval_mode"])]

    return judge
