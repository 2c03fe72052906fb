"""How the LiteLLM proxy reads a server's tool lists: blocked first; an allow list counts if it is filled or marked.

Entries mean the tool of that name and the one that stands behind the server's prefix.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from tests.policy.formats.target import Judge


def load(text: str, server: str) -> Judge:
    ((name, entry),) = yaml.safe_load(text)["mcp_servers"].items()
    assert name == server
    assert "-" not in name
    assert set(entry) <= {"allowed_tools", "disallowed_tools", "mcp_info"}
    allowed, blocked = entry.get("allowed_tools") or [], entry.get("disallowed_tools") or []
    assert all(isinstance(tool, str) for tool in [*allowed, *blocked])
    marked = bool(entry.get("mcp_info", {}).get("tool_allowlist_enforced"))
    prefix = server.replace(" ", "_") + "-"

    def judge(tool: str, arguments: Mapping[str, Any]) -> str:
        spellings = {tool, prefix + tool}
        if spellings & set(blocked):
            return "deny"
        return "allow" if not (marked or allowed) or spellings & set(allowed) else "deny"

    return judge
