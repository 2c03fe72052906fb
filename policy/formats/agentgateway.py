"""Format agentgateway: the CEL rules of its `mcpAuthorization`, which know the tool of a call but no arguments."""

from policy.format import Format, Rendered
from policy.formats._cel import literal, literals
from policy.formats._settled import Client, settle
from policy.formats._yaml import to_yaml
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(Decision.DENY, may_allow=lambda _: True, may_stop=lambda _: True, asks=False, frees=True)


def render(policy: ServerPolicy) -> Rendered:
    """Write one rule for each tool that may be called, or one that forbids tools where the rest is allowed."""
    settled = settle(policy, _CLIENT)
    target = f"mcp.tool.target == {literal(policy.server)}"
    rules: list[object]
    if settled.unlisted is Decision.DENY:
        # Without any rule all would be allowed, so a rule that never holds stands for an empty list.
        rules = [f"{target} && mcp.tool.name == {literal(tool)}" for tool in settled.tools(Decision.ALLOW)] or ["false"]
    else:
        # `require`, because an expression that fails forbids there and allows under `deny`.
        denied = literals(settled.tools(Decision.DENY))
        rules = [{"require": f"!has(mcp.tool) || !({target} && mcp.tool.name in {denied})"}]
    return Rendered(to_yaml({"mcp": {"policies": {"mcpAuthorization": {"rules": rules}}}}), settled.losses)


FORMAT = Format(
    id="agentgateway",
    title="agentgateway: mcpAuthorization",
    file="config.yaml",
    language="yaml",
    render=render,
    checked="agentgateway, http/authorization.rs and architecture/cel.md",
    notes=(
        "Put `targets` beside `policies`; the server's name is the name of its target there.",
        "Rules that allow tools forbid all prompts and resources that no other rule allows, and all other targets.",
    ),
)
