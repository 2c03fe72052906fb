"""How Amazon Q Developer CLI reads an agent: `tools` are offered, those in `allowedTools` run without asking."""

import fnmatch
import json
from collections.abc import Mapping
from typing import Any

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    agent = json.loads(text)
    assert set(agent) == {"tools", "allowedTools"}
    prefix = f"@{server}"
    offered = {_tool(entry) for entry in agent["tools"] if entry.startswith(prefix)}
    patterns = [entry for entry in agent["allowedTools"] if entry.startswith("@")]

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        assert arguments is not None
        if "*" not in offered and tool not in offered and agent["tools"] != ["*"]:
            return "deny"
        return "allow" if _is_any(patterns, prefix) or _is_any(patterns, f"{prefix}/{tool}") else "ask"

    return judge


def _tool(entry: str) -> str:
    """What follows the first slash; without a slash or a name it is the whole server."""
    return entry.partition("/")[2] or "*"


def _is_any(patterns: list[str], text: str) -> bool:
    return any(
        pattern == text or (("*" in pattern or "?" in pattern) and fnmatch.fnmatchcase(text, pattern))
        for pattern in patterns
    )
