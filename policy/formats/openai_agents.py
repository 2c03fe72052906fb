"""Format openai-agents: what OpenAI's Agents SDK filters and asks for on a server that it connects to itself.

Servers that OpenAI connects to (`HostedMCPTool`) take the object of openai_responses.py instead.
"""

from policy.format import Format, Rendered
from policy.formats._json import to_unicode_json
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(unlisted=Decision.DENY, may_allow=lambda _: True, may_stop=lambda _: True, frees=True)


def render(policy: ServerPolicy) -> Rendered:
    """Filter out what is denied and ask before what depends on a person or on arguments."""
    settled = settle(policy, _CLIENT)
    asked = settled.tools(Decision.ASK)
    if settled.unlisted is Decision.DENY:
        chosen = {"allowed_tool_names": sorted(settled.tools(Decision.ALLOW) + asked)}
    else:
        chosen = {"blocked_tool_names": settled.tools(Decision.DENY)}
    arguments = {
        "name": policy.server,
        "tool_filter": chosen,
        "require_approval": {"always": {"tool_names": asked}},
    }
    return Rendered(to_unicode_json(arguments), settled.losses)


FORMAT = Format(
    id="openai-agents",
    title="OpenAI Agents SDK: servers that it connects to itself",
    file="mcp-policy.json",
    language="json",
    render=render,
    checked="openai-agents-python, agents/mcp/server.py",
    notes=(
        "Pass the object's keys to the server's class, as in MCPServerStdio(params=..., **json.load(file)).",
        "For HostedMCPTool use the format openai-responses.",
    ),
)
