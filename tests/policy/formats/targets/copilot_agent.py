"""How Copilot's cloud agent reads `tools`: it gets what is listed, or all with `*`, and asks nobody."""

import json
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    ((name, entry),) = json.loads(text)["mcpServers"].items()
    assert name == server
    assert set(entry) == {"tools"}

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        return "allow" if tool in entry["tools"] or "*" in entry["tools"] else "deny"

    return judge
