"""Format pomerium: a deny rule for the policy of a Pomerium MCP route, by the tool's name; it asks nobody.

Deny beats allow there, and who may come at all is for the route's own allow rules to say.
"""

from policy.format import Format, Rendered
from policy.formats._settled import Client, settle
from policy.formats._surrogates import as_seen, is_sayable
from policy.formats._yaml import to_yaml
from policy.recommendation import Decision, ServerPolicy

_CLIENT = Client(Decision.DENY, may_allow=is_sayable, may_stop=is_sayable, known_as=as_seen, asks=False, frees=True)


def render(policy: ServerPolicy) -> Rendered:
    """Deny every call of a tool but of those that are allowed without a condition."""
    settled = settle(policy, _CLIENT)
    if settled.unlisted is Decision.ALLOW:
        matcher = {"in": settled.tools(Decision.DENY)}
    else:
        matcher = {"not_in": settled.tools(Decision.ALLOW)}
    return Rendered(to_yaml([{"deny": {"or": [{"mcp_tool": matcher}]}}]), settled.losses)


FORMAT = Format(
    id="pomerium",
    title="Pomerium: MCP route",
    file="config.yaml, in the `policy` of the server's route",
    language="yaml",
    render=render,
    checked="pomerium/pomerium pkg/policy/criteria/mcp_tool.go, authorize/check_response.go",
    notes=(
        "The route needs `mcp: {server: {}}`, and an allow rule of yours that says who may use it.",
        "Tools stand under their own names: a route is for one server.",
    ),
)
