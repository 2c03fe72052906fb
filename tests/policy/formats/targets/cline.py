"""How Cline reads `autoApprove`: it takes `server__tool` apart at the first `__` and asks for what is not listed."""

import json
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    servers = json.loads(text)["mcpServers"]
    assert set(servers) == {server}
    assert set(servers[server]) == {"autoApprove"}
    found, _, tool_part = f"{server}__tool".partition("__")
    assert (found, tool_part) == (server, "tool"), "Cline would look for another server"

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        name, _, called = f"{server}__{tool}".partition("__")
        return "allow" if called and called in servers.get(name, {}).get("autoApprove", []) else "ask"

    return judge
