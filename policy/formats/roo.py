"""Format roo: the tools of a server that Roo Code runs without asking, and those that it does not offer."""

import re

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy


def _heard(tool: str) -> str:
    """Name a tool as Roo finds it again: models mix up `-` and `_`, and other characters are dropped."""
    return re.sub("[^A-Za-z0-9_]", "", re.sub(r"[\s-]+", "_", tool))


def _is_no_wildcard(tool: str) -> bool:
    return tool not in ("", "*")  # "*" would allow them all


_CLIENT = Client(Decision.ASK, may_allow=_is_no_wildcard, may_stop=bool, known_as=_heard)


def render(policy: ServerPolicy) -> Rendered:
    """List what is allowed without a condition, and what is denied."""
    settled = settle(policy, _CLIENT)
    lists = {
        "alwaysAllow": settled.tools(Decision.ALLOW),
        "disabledTools": settled.tools(Decision.DENY),
    }
    return Rendered(to_json({"mcpServers": {policy.server: lists}}), settled.losses)


FORMAT = Format(
    id="roo",
    title="Roo Code: alwaysAllow and disabledTools",
    file=".roo/mcp.json (or mcp_settings.json)",
    language="json",
    render=render,
    checked="RooCodeInc/Roo-Code, services/mcp/McpHub.ts",
    notes=("Both lists belong into the entry of the server that is there; `alwaysAllow` needs Roo's switch for MCP.",),
)
