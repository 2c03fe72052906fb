"""Format envoy: the authorization of an Envoy AI Gateway `MCPRoute`, as a patch; conditions are CEL.

The route itself, its gateway and its backends are the user's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from policy.format import Format, Loss, Rendered, limits_dropped
from policy.formats._cel import holds, literal
from policy.formats._names import check_server
from policy.formats._yaml import to_yaml
from policy.recommendation import Decision, Recommendation, ServerPolicy

_RULES = 32  # the most that a route takes
_TOOLS = 16  # the most that one rule names
_LENGTH = 4096  # the longest expression
_PARAMETERS = "request.mcp.params"
_BACKEND = "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"

_Conditional = tuple[str, str]  # a tool, and the expression that its calls must meet


@dataclass(slots=True)
class _Draft:
    """The tools by what becomes of them, while what was lost is still being added."""

    free: list[str] = field(default_factory=list)
    conditional: list[_Conditional] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)


def render(policy: ServerPolicy) -> Rendered:
    """Allow by name, or by name and expression; what no rule allows is denied. Nobody can be asked.

    Raises PolicyError for a server's name that no backend can have.
    """
    check_server(policy.server, _BACKEND, "a Kubernetes backend is named with small letters, digits, '-' and '.'")
    draft = _Draft(losses=[Loss("", "limits", "dropped")] if policy.limits else [])
    for one in policy.tools:
        _sort(one, draft)
    stopped = [one.tool for one in policy.tools if one.tool not in draft.free]
    default = policy.default
    if default is Decision.ALLOW and len(stopped) > _RULES * _TOOLS:
        default = Decision.DENY
        draft.losses.append(Loss("", "default", "deny"))
    if default is Decision.ALLOW:
        named = _name_rules(policy.server, stopped, "Deny")
    else:
        draft.losses += [Loss(tool, "name", "deny") for tool in draft.free[_RULES * _TOOLS :]]
        named = _name_rules(policy.server, draft.free[: _RULES * _TOOLS], "Allow")
    rules = [*_conditional_rules(policy.server, draft, _RULES - len(named)), *named]
    authorization = {"defaultAction": default.value.capitalize(), "rules": rules}
    losses = tuple(sorted(draft.losses, key=lambda loss: loss.tool))
    return Rendered(to_yaml({"spec": {"securityPolicy": {"authorization": authorization}}}), losses)


def _sort(one: Recommendation, draft: _Draft) -> None:
    if one.decision is Decision.ASK:
        draft.losses.append(Loss(one.tool, "ask", "deny"))
    if one.decision is not Decision.ALLOW:
        return
    expression = _expression(one) if one.is_conditional else ""
    if expression is None:
        draft.losses.append(Loss(one.tool, "conditions", "deny"))
        return
    if expression:
        draft.conditional.append((one.tool, expression))
    else:
        draft.free.append(one.tool)
    if any(guard.asks for guard in one.guards):
        draft.losses.append(Loss(one.tool, "ask", "deny"))
    draft.losses += limits_dropped([one])


def _expression(one: Recommendation) -> str | None:
    """Write that all of `require` holds and no guard does; None when CEL cannot say one of them."""
    arguments = f"{_PARAMETERS}.arguments"
    required = [holds(condition, arguments) for condition in one.require]
    guards = [[holds(condition, arguments) for condition in guard.conditions] for guard in one.guards]
    if None in required or any(None in guard for guard in guards):
        return None
    parts = [f"({test})" for test in required]
    parts += ["!(" + " && ".join(f"({test})" for test in guard or ["true"]) + ")" for guard in guards]
    return " && ".join(parts)


def _name_rules(server: str, tools: Sequence[str], action: str) -> list[dict[str, Any]]:
    groups = [tools[at : at + _TOOLS] for at in range(0, len(tools), _TOOLS)]
    return [{"action": action, "target": _target(server, group)} for group in groups]


def _conditional_rules(server: str, draft: _Draft, room: int) -> list[dict[str, Any]]:
    """Write as few tools into one rule as there is room for rules; what does not fit is denied and lost."""
    size = min(_TOOLS, -(-len(draft.conditional) // max(room, 1))) or 1
    rules: list[dict[str, Any]] = []
    for at in range(0, len(draft.conditional), size):
        group = draft.conditional[at : at + size]
        # A list of tools is made without parameters: what may be called with some arguments is listed.
        tests = [f"request.mcp.tool == {literal(tool)} && {expression}" for tool, expression in group]
        expression = " || ".join([f"{_PARAMETERS} == null", *tests])
        if len(expression) > _LENGTH or len(rules) >= room:
            draft.losses += [Loss(tool, "conditions", "deny") for tool, _ in group]
        else:
            target = _target(server, [tool for tool, _ in group])
            rules.append({"action": "Allow", "target": target, "cel": expression})
    return rules


def _target(server: str, tools: Sequence[str]) -> dict[str, Any]:
    return {"tools": [{"backend": server, "tool": tool} for tool in tools]}


FORMAT = Format(
    id="envoy",
    title="Envoy AI Gateway: MCPRoute authorization",
    file="mcproute-patch.yaml",
    language="yaml",
    render=render,
    checked="envoyproxy/ai-gateway, api/v1beta1/mcp_route.go and internal/mcpproxy/authorization.go",
    notes=(
        "Merge it into your route: kubectl patch mcproute NAME --type merge --patch-file mcproute-patch.yaml",
        "The server's name is the name of its backendRef; a route has one list of rules for all its backends.",
        "An expression that costs too much, as with a very long argument, denies the call.",
    ),
)
