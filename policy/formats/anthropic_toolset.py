"""Format anthropic-toolset: the `mcp_toolset` of Anthropic's Messages API, which allows tools or leaves them out."""

from policy.format import Format, Rendered
from policy.formats._json import to_unicode_json
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(Decision.DENY, may_allow=lambda _: True, may_stop=lambda _: True, asks=False, frees=True)


def render(policy: ServerPolicy) -> Rendered:
    """Enable what is allowed without a condition; nobody can be asked, so the rest stays off."""
    settled = settle(policy, _CLIENT)
    toolset = {
        "type": "mcp_toolset",
        "mcp_server_name": policy.server,
        "default_config": {"enabled": settled.unlisted is Decision.ALLOW},
        "configs": {tool: {"enabled": held is Decision.ALLOW} for tool, held in settled.decisions.items()},
    }
    return Rendered(to_unicode_json({"tools": [toolset]}), settled.losses)


FORMAT = Format(
    id="anthropic-toolset",
    title="Anthropic Messages API: mcp_toolset",
    file="the `tools` of a request",
    language="json",
    render=render,
    checked="docs.claude.com, MCP connector",
    notes=(
        "The request needs the header `anthropic-beta: mcp-client-2025-11-20`, or a newer one of its kind.",
        "The server itself goes into `mcp_servers` of the same request, under the same name, with no other toolset.",
    ),
)
