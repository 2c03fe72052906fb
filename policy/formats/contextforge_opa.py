"""Format contextforge-opa: a Rego module for the OPA engine of ContextForge's unified PDP, which asks nobody.

Not for its older OPA plugin: that one lets a call without arguments pass unseen.
"""

from typing import Any

from policy.format import Format, Loss, Rendered, limits_dropped
from policy.formats._contextforge import gateway_names, gateway_prefix, shared_names
from policy.formats._rego import render_module, write_rules
from policy.recommendation import Decision, Recommendation, ServerPolicy

_READS = """\
# The engine's policy_path is toolrisk/contextforge.
contextforge := {"allow": decision == "allow"}

tool_name := input.resource.id if {
	input.resource.type == "tool"
	startswith(input.resource.id, policy.prefix)
}

arguments := object.get(input.context, "tool_args", {})

# The gateway counts nothing.
counts := object.get(input, "counts", null)
"""
_STOPPED = {"decision": "deny"}


def render(policy: ServerPolicy) -> Rendered:
    """Write what is allowed with its conditions, and deny the rest."""
    names = gateway_names(policy)
    shared = shared_names(names)
    tools: dict[str, Any] = {}
    losses = [Loss("", "limits", "dropped")] if policy.limits else []
    for one in policy.tools:
        name = names[one.tool]
        rules, lost = _write(one, is_shared=name in shared)
        tools[name] = rules
        losses += lost
    data = {
        "prefix": gateway_prefix(policy.server),
        "default": str(policy.default),
        "limits": [],
        "tools": dict(sorted(tools.items())),
    }
    return Rendered(render_module(_READS, data), tuple(losses))


def _write(one: Recommendation, *, is_shared: bool) -> tuple[dict[str, Any], list[Loss]]:
    if one.decision in (Decision.DENY, Decision.HIDE):
        return _STOPPED, []
    if is_shared:
        return _STOPPED, [Loss(one.tool, "name", "deny")]
    if one.decision is Decision.ASK:
        return _STOPPED, [Loss(one.tool, "ask", "deny")]
    losses = [Loss(one.tool, "ask", "deny")] if any(guard.asks for guard in one.guards) else []
    return write_rules(one, can_ask=False), losses + limits_dropped([one])


FORMAT = Format(
    id="contextforge-opa",
    title="IBM ContextForge: unified PDP with OPA",
    file="toolrisk.rego, loaded by the OPA that the engine asks",
    language="rego",
    render=render,
    checked="IBM/mcp-context-forge plugins/unified_pdp, mcpgateway/utils/create_slug.py",
    notes=(
        "Set the OPA engine's `policy_path` to toolrisk/contextforge, and keep `default_decision: deny`.",
        "The engine judges all tools and resources of the gateway: what this file does not allow is denied.",
        "The gateway names a tool by slugs, joined with its default separator `-`; rename no tool there.",
        "ContextForge's own OPA and Cedar plugins do not see calls without arguments: use the unified PDP.",
    ),
)
