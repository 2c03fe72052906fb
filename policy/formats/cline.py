"""Format cline: the tools of a server that Cline runs without asking; it cannot deny one."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import check_server
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(Decision.ASK, may_allow=bool, denies=False)
# Cline takes `server__tool` apart at the first "__", and spells other characters anew.


def render(policy: ServerPolicy) -> Rendered:
    """List what is allowed without a condition."""
    rule = 'Cline knows letters, digits, "-" and single "_" between them'
    check_server(policy.server, "[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*", rule)
    settled = settle(policy, _CLIENT)
    servers = {policy.server: {"autoApprove": settled.tools(Decision.ALLOW)}}
    return Rendered(to_json({"mcpServers": servers}), settled.losses)


FORMAT = Format(
    id="cline",
    title="Cline: autoApprove",
    file="cline_mcp_settings.json",
    language="json",
    render=render,
    checked="cline/cline, services/mcp/schemas.ts and sdk/sdk-tool-policies.ts",
    notes=(
        "`autoApprove` belongs into the entry of the server that is there, and needs Cline's own switch for MCP.",
        "Cline may run tools with long names, or with other characters than letters, digits, - and _, without asking.",
    ),
)
