"""Format amazon-q: the `tools` and `allowedTools` of an Amazon Q Developer CLI agent; what is not in `tools` is off.

A tool in `tools` is asked for; one in `allowedTools` too runs without asking. Arguments and limits are not its matter.
"""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import check_server
from policy.formats._settled import Client, settle
from policy.formats._surrogates import is_sayable
from policy.recommendation import Decision, ServerPolicy

_SERVER_NAME = r"(?!builtin\Z)[A-Za-z0-9_.-]+"


def render(policy: ServerPolicy) -> Rendered:
    """List what may be asked for, and of that what needs no asking; leave out the rest."""
    check_server(policy.server, _SERVER_NAME, "Amazon Q would read it as a pattern, a path or its own tools")
    settled = settle(policy, Client(Decision.DENY, may_allow=_may_allow, may_stop=_may_stop))
    allowed = settled.tools(Decision.ALLOW)
    agent = {
        "tools": [f"@{policy.server}/{tool}" for tool in sorted([*allowed, *settled.tools(Decision.ASK)])],
        "allowedTools": [f"@{policy.server}/{tool}" for tool in allowed],
    }
    return Rendered(to_json(agent), settled.losses)


def _may_stop(tool: str) -> bool:
    """Leave out what would stand for the whole server: an entry that names no tool, or `*`."""
    return tool not in ("", "*") and is_sayable(tool)


def _may_allow(tool: str) -> bool:
    """Leave out what allowedTools would read as a pattern."""
    return _may_stop(tool) and "*" not in tool and "?" not in tool


FORMAT = Format(
    id="amazon-q",
    title="Amazon Q Developer CLI: agent",
    file=".amazonq/cli-agents/<agent>.json",
    language="json",
    render=render,
    checked="aws/amazon-q-developer-cli docs/agent-format.md, crates/chat-cli",
    notes=(
        "Add the lists to your agent's own: a `tools` without its other entries takes those away.",
        "Remove `*` and `@<server>` from both lists: each of them opens the whole server.",
        "Names of servers must not begin like another's: Amazon Q reads the tools of the longer one for both.",
    ),
)
