"""Format copilot-agent: the tools that GitHub Copilot's cloud agent gets of a server; it asks nobody."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy


def _is_no_wildcard(tool: str) -> bool:
    return bool(tool) and "*" not in tool


_CLIENT = Client(Decision.DENY, may_allow=_is_no_wildcard, asks=False)


def render(policy: ServerPolicy) -> Rendered:
    """List what is allowed without a condition; the agent does not see the rest."""
    settled = settle(policy, _CLIENT)
    servers = {policy.server: {"tools": settled.tools(Decision.ALLOW)}}
    return Rendered(to_json({"mcpServers": servers}), settled.losses)


FORMAT = Format(
    id="copilot-agent",
    title="GitHub Copilot cloud agent: tools",
    file="the repository's MCP configuration",
    language="json",
    render=render,
    checked="github/docs, configure-mcp-servers.md",
    notes=("`tools` belongs into the entry of the server that is there, beside its type and command or url.",),
)
