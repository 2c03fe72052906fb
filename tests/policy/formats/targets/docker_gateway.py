"""How Docker's gateway reads tools.yaml: a server that is listed offers what its list names, another offers all."""

from collections.abc import Mapping
from typing import Any

import yaml

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    servers = yaml.safe_load(text)
    assert all(isinstance(name, str) and isinstance(tools, list) for name, tools in servers.items())
    assert all(isinstance(tool, str) for tools in servers.values() for tool in tools)
    looked_up = server.strip()

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        return "allow" if looked_up not in servers or tool in servers[looked_up] else "deny"

    return judge
