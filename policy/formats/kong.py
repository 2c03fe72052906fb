"""Format kong: the access lists of Kong's ai-mcp-proxy plugin, written for one consumer group.

Who the consumers are, and how they sign in, is the gateway's own.
"""

from policy.format import Format, Rendered
from policy.formats._names import check_server
from policy.formats._reason import reason_line
from policy.formats._settled import Client, settle
from policy.formats._yaml import to_yaml
from policy.recommendation import Decision, ServerPolicy

_AGENTS = "agents"
_NOBODY = "nobody-at-all"  # an allow list that is empty might be read as none, so it names a group that has no members
_ACCESS = {Decision.ALLOW: {"allow": [_AGENTS]}, Decision.DENY: {"allow": [_NOBODY], "deny": [_AGENTS]}}
_SERVICE = "[A-Za-z0-9._~\x80-\U0010ffff-]+"
_CLIENT = Client(Decision.DENY, may_allow=bool, may_stop=bool, asks=False, frees=True)  # a tool's name is never empty


def render(policy: ServerPolicy) -> Rendered:
    """Let the group `agents` use what is allowed without a condition; nobody can be asked, so the rest is denied.

    Raises PolicyError for a server's name that no Kong service can have.
    """
    check_server(policy.server, _SERVICE, "a Kong service is named with letters, digits, '.', '_', '~' and '-'")
    settled = settle(policy, _CLIENT)
    tools = [
        {"name": one.tool, "description": reason_line(one) or one.tool, "acl": _ACCESS[settled.decisions[one.tool]]}
        for one in policy.tools
        if one.tool
    ]
    config = {
        "mode": "passthrough-listener",
        "include_consumer_groups": True,
        "default_acl": [{"scope": "tools", **_ACCESS[settled.unlisted]}],
        "logging": {"log_audits": True},
        "tools": tools,
    }
    plugin = {"name": "ai-mcp-proxy", "service": policy.server, "config": config}
    return Rendered(to_yaml({"_format_version": "3.0", "plugins": [plugin]}), settled.losses)


FORMAT = Format(
    id="kong",
    title="Kong AI Gateway: ai-mcp-proxy access lists",
    file="kong.yaml",
    language="yaml",
    render=render,
    checked="developer.konghq.com, ai-mcp-proxy and its 3.15 schema",
    notes=(
        "Needs Kong Gateway Enterprise 3.13 and an authentication plugin before the service.",
        f"Create the consumer group `{_AGENTS}` for those who may call; none may be named `{_NOBODY}`.",
    ),
)
