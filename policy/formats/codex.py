"""Format codex: the policy keys of a server in Codex' config.toml; how the server is started is the user's."""

import tomli_w

from policy.format import Format, Rendered
from policy.formats._names import check_server
from policy.formats._reason import reason_line
from policy.formats._settled import Client, settle
from policy.formats._surrogates import is_sayable
from policy.recommendation import Decision, Recommendation, ServerPolicy

_MODES = {Decision.ALLOW: "approve", Decision.ASK: "prompt"}


# Names are compared as the server gives them, and what is not enabled is never offered.
_CLIENT = Client(Decision.DENY, may_allow=is_sayable, may_stop=is_sayable, frees=True)


def render(policy: ServerPolicy) -> Rendered:
    """Enable what is allowed or asked for, and say for each tool whether a person approves it."""
    check_server(policy.server, "[A-Za-z0-9_-]+", 'Codex knows letters, digits, "-" and "_"')
    settled = settle(policy, _CLIENT)
    if settled.unlisted is Decision.ALLOW:
        keys = {"disabled_tools": settled.tools(Decision.DENY), "default_tools_approval_mode": "approve"}
    else:
        enabled = [one.tool for one in policy.tools if settled.decisions[one.tool] in _MODES]
        keys = {"enabled_tools": enabled, "default_tools_approval_mode": "prompt"}
    offered = [one for one in policy.tools if settled.decisions[one.tool] in _MODES]
    tools = {one.tool: {"approval_mode": _MODES[settled.decisions[one.tool]]} for one in offered}
    text = tomli_w.dumps({"mcp_servers": {policy.server: {**keys, "tools": tools} if tools else keys}})
    # An empty line stands between two tables and nowhere else, as strings are written without line breaks.
    server, *tables = text.split("\n\n")
    explained = [_explain(table, one) for table, one in zip(tables, offered, strict=True)]
    return Rendered("\n\n".join([server, *explained]), settled.losses)


def _explain(table: str, one: Recommendation) -> str:
    header, _, rest = table.partition("\n")
    line = reason_line(one)
    return f"{header}\n# {line}\n{rest}" if line else table


FORMAT = Format(
    id="codex",
    title="OpenAI Codex: config.toml",
    file="~/.codex/config.toml",
    language="toml",
    render=render,
    checked="openai/codex, config/src/mcp_types.rs and codex-mcp/src/tools.rs",
    notes=(
        "These keys belong into the table of the server that is there, beside its command or url.",
        "With full access Codex asks for nothing: what is only asked for then runs.",
    ),
)
