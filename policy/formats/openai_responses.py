"""Format openai-responses: the `mcp` tool of OpenAI's Responses API, which offers tools and asks before some.

The Agents SDK takes the same object as `HostedMCPTool(tool_config=...)`; for its local servers see openai_agents.py.
"""

from typing import Any

from policy.format import Format, Rendered
from policy.formats._json import to_unicode_json
from policy.formats._settled import Client, Settled, settle
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(unlisted=Decision.DENY, may_allow=lambda _: True, may_stop=lambda _: True)


def render(policy: ServerPolicy) -> Rendered:
    """Offer what is allowed or asked; a person decides where arguments would; what is not offered cannot be called."""
    settled = settle(policy, _CLIENT)
    tool = {
        "type": "mcp",
        "server_label": policy.server,
        "allowed_tools": sorted(settled.tools(Decision.ALLOW) + settled.tools(Decision.ASK)),
        "require_approval": _approval(settled),
    }
    return Rendered(to_unicode_json({"tools": [tool]}), settled.losses)


def _approval(settled: Settled) -> Any:
    free, asked = settled.tools(Decision.ALLOW), settled.tools(Decision.ASK)
    if not free:
        return "always"  # asks too if an empty list of tools were read as no list
    never = {"never": {"tool_names": free}}
    return {"always": {"tool_names": asked}, **never} if asked else never


FORMAT = Format(
    id="openai-responses",
    title="OpenAI Responses API, and HostedMCPTool of the Agents SDK",
    file="the `tools` of a request",
    language="json",
    render=render,
    checked="openai-python, types/responses/tool_param.py",
    notes=(
        "Put `server_url`, `connector_id` or `tunnel_id` beside `server_label`.",
        "Agents SDK: give the entry of `tools` to HostedMCPTool as its `tool_config`.",
    ),
)
