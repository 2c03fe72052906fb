"""Format rego: a module for Open Policy Agent that answers `allow`, `ask`, `throttle` or `deny` to a call.

The rules never change; the policy stands at the end as data.
"""

from typing import Any

from policy.format import Format, Loss, Rendered
from policy.formats._rego import render_module, write_limits, write_rules
from policy.formats._surrogates import as_seen, is_sayable
from policy.recommendation import Decision, ServerPolicy

_READS = """\
# Ask for data.toolrisk.decision with the input
# {"tool": "name", "arguments": {}, "counts": {"counter": what this window has counted before this call}}.
# Limits are read only if counts are given. A name of the server, if given as "server", must be the policy's own.

tool_name := input.tool if not is_elsewhere

is_elsewhere if input.server != policy.server

arguments := object.get(input, "arguments", {})

counts := object.get(input, "counts", null)
"""
_STOPPED = frozenset({Decision.DENY, Decision.HIDE})


def render(policy: ServerPolicy) -> Rendered:
    """Write everything: Rego says all that a recommendation says."""
    losses = [Loss(one.tool, "name", "deny") for one in policy.tools if not is_sayable(one.tool)]
    tools: dict[str, Any] = {}
    for one in policy.tools:
        if is_sayable(one.tool) and one.decision not in _STOPPED:
            tools[one.tool] = write_rules(one) | ({"limits": write_limits(one.limits)} if one.limits else {})
    for one in policy.tools:
        if not is_sayable(one.tool) or one.decision in _STOPPED:
            tools[as_seen(one.tool)] = {"decision": "deny"}
    data = {
        "server": policy.server,
        "default": str(policy.default),
        "limits": write_limits(policy.limits),
        "tools": dict(sorted(tools.items())),
    }
    return Rendered(render_module(_READS, data), tuple(losses))


FORMAT = Format(
    id="rego",
    title="Open Policy Agent: Rego",
    file="toolrisk.rego",
    language="rego",
    render=render,
    checked="Open Policy Agent, by its own engine",
    notes=(
        "Ask for data.toolrisk.decision; anything but `allow` is no leave to call.",
        "OPA counts nothing: limits hold only if the caller gives `counts`, by counter and window.",
    ),
)
