"""Format kiro: the tools of a server that Kiro runs without asking, and those that it leaves out."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import is_plain
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

# An allow may be a wildcard; what is left out is compared as it stands.
_CLIENT = Client(Decision.ASK, may_allow=is_plain, may_stop=bool)


def render(policy: ServerPolicy) -> Rendered:
    """List what is allowed without a condition, and what is denied."""
    settled = settle(policy, _CLIENT)
    lists = {
        "autoApprove": settled.tools(Decision.ALLOW),
        "disabledTools": settled.tools(Decision.DENY),
    }
    return Rendered(to_json({"mcpServers": {policy.server: lists}}), settled.losses)


FORMAT = Format(
    id="kiro",
    title="Kiro: autoApprove and disabledTools",
    file=".kiro/settings/mcp.json",
    language="json",
    render=render,
    notes=(
        "Both lists belong into the entry of the server that is there.",
        "A rule of Kiro's permissions.yaml may be stricter than this, and then wins.",
    ),
)
