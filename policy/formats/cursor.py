"""Format cursor: the MCP allowlist of Cursor's permissions.json, which frees tools; whatever else asks a person."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import check_server, is_plain
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(Decision.ASK, may_allow=is_plain, denies=False)


def render(policy: ServerPolicy) -> Rendered:
    """List what is allowed without a condition as `server:tool`."""
    check_server(policy.server, "[A-Za-z0-9_.-]+( [A-Za-z0-9_.-]+)*", 'Cursor splits "server:tool" and reads wildcards')
    settled = settle(policy, _CLIENT)
    allowed = [f"{policy.server}:{tool}" for tool in settled.tools(Decision.ALLOW)]
    return Rendered(to_json({"mcpAllowlist": allowed}), settled.losses)


FORMAT = Format(
    id="cursor",
    title="Cursor: permissions.json",
    file="~/.cursor/permissions.json",
    language="json",
    render=render,
    checked="cursor.com, permissions.json reference",
    notes=(
        "It replaces the whole list in Cursor's settings: add the entries of your other servers.",
        "Cursor calls the list a convenience, no boundary; Run Everything runs what is not on it.",
    ),
)
