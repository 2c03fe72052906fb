"""How Roo Code reads a server's lists: `disabledTools` are not run, `alwaysAllow` do not ask, `*` frees them all.

A model's call may reach any tool whose name is heard alike, so a tool is as free as the strictest of these.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    servers = json.loads(text)["mcpServers"]
    assert set(servers) == {server}
    lists = servers[server]
    assert set(lists) == {"alwaysAllow", "disabledTools"}
    hearable = {name.replace("-", "_") for name in lists["disabledTools"]}
    assert not hearable & {name.replace("-", "_") for name in lists["alwaysAllow"]}

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        if tool in lists["disabledTools"]:
            return "deny"
        return "allow" if tool in lists["alwaysAllow"] or "*" in lists["alwaysAllow"] else "ask"

    return judge
