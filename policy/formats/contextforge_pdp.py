"""Format contextforge-pdp: rules for the native engine of ContextForge's unified PDP, which allow or deny by name.

It sees no arguments, counts nothing and asks nobody; what no rule allows is denied.
"""

from typing import Any

from policy.format import Format, Rendered
from policy.formats._contextforge import gateway_names, gateway_prefix
from policy.formats._json import to_json
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

_INVOKE = "tools.invoke."


def render(policy: ServerPolicy) -> Rendered:
    """Allow what is allowed without a condition, deny the rest by name."""
    names = gateway_names(policy)
    settled = settle(
        policy, Client(Decision.DENY, _is_any, _is_any, known_as=names.__getitem__, asks=False, frees=True)
    )
    denied = {names[tool] for tool in settled.tools(Decision.DENY)}
    allowed = {names[tool] for tool in settled.tools(Decision.ALLOW)}
    rules = [_rule(f"deny:toolrisk:{name}", name) for name in sorted(denied)]
    rules += [_rule(f"toolrisk:{name}", name) for name in sorted(allowed)]
    if settled.unlisted is Decision.ALLOW:
        rules.append(_rule("toolrisk", f"{gateway_prefix(policy.server)}*"))
    return Rendered(to_json(rules), settled.losses)


def _is_any(_: str) -> bool:
    return True


def _rule(rule_id: str, pattern: str) -> dict[str, Any]:
    """Write a rule for everyone. A slug has no character that a pattern reads as more than itself."""
    return {
        "id": rule_id,
        "roles": ["*"],
        "actions": [_INVOKE + pattern],
        "resource_types": ["tool"],
        "resource_ids": [pattern],
    }


FORMAT = Format(
    id="contextforge-pdp",
    title="IBM ContextForge: unified PDP, native rules",
    file="rules.json, the `rules_file` of the native engine",
    language="json",
    render=render,
    checked="IBM/mcp-context-forge plugins/unified_pdp, mcpgateway/utils/create_slug.py",
    notes=(
        "The engine judges all tools and resources of the gateway: what no rule allows is denied.",
        "The rules are for every role; put your own in place of `*`.",
        "The gateway names a tool by slugs, joined with its default separator `-`; rename no tool there.",
    ),
)
