"""How Kiro reads a server's lists: `disabledTools` are left out, `autoApprove` do not ask and may be wildcards."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    servers = json.loads(text)["mcpServers"]
    assert set(servers) == {server}
    lists = servers[server]
    assert set(lists) == {"autoApprove", "disabledTools"}

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        if tool in lists["disabledTools"]:
            return "deny"
        return "allow" if any(fnmatchcase(tool, name) for name in lists["autoApprove"]) else "ask"

    return judge
