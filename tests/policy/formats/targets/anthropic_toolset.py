"""How the Messages API reads an `mcp_toolset`: the tool's own config, else the default."""

import json
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    (toolset,) = json.loads(text)["tools"]
    assert toolset["type"] == "mcp_toolset"
    assert toolset["mcp_server_name"] == server

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        config = toolset["configs"].get(tool, {})
        return "allow" if config.get("enabled", toolset["default_config"]["enabled"]) else "deny"

    return judge
