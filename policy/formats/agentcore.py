"""Format agentcore: Cedar statements for a policy engine of Amazon Bedrock AgentCore Gateway; it asks nobody.

Each statement is a policy of its own there. A tool is the action `target___tool`; arguments are `context.input`.
"""

from policy.format import Format, Loss, Rendered, limits_dropped
from policy.formats._cedar import Shown, View, decimal, express, long, quote
from policy.formats._names import check_server
from policy.formats._surrogates import is_sayable
from policy.recommendation import Decision, Recommendation, ServerPolicy

_GATEWAY = "arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/GATEWAY"
_TARGET_NAME = "([0-9a-zA-Z]-?){1,100}"
_LONGEST_STATEMENT = 10_000


def render(policy: ServerPolicy) -> Rendered:
    """Permit what is allowed, forbid the rest by name. What is not listed is denied: no statement can name it."""
    check_server(policy.server, _TARGET_NAME, "an AgentCore target has up to 100 letters, digits and single hyphens")
    statements: list[str] = []
    losses = [Loss("", "default", "deny")] if policy.default is Decision.ALLOW else []
    losses += [Loss("", "limits", "dropped")] if policy.limits else []
    for one in policy.tools:
        statement, lost = _state(policy.server, one)
        statements += [statement] if statement else []
        losses += lost
    return Rendered("\n".join(statements) or "// No tool is permitted.\n", tuple(losses))


def _state(target: str, one: Recommendation) -> tuple[str, list[Loss]]:
    action = f"{target}___{one.tool}"
    forbid = _write("forbid", action)
    if not is_sayable(one.tool) or len(forbid) > _LONGEST_STATEMENT:
        return "", [Loss(one.tool, "name", "deny")]
    if one.decision in (Decision.DENY, Decision.HIDE):
        return forbid, []
    if one.decision is Decision.ASK:
        return forbid, [Loss(one.tool, "ask", "deny")]
    when = express(one, _VIEW)
    permit = "" if when is None else _write("permit", action, when)
    if not permit or len(permit) > _LONGEST_STATEMENT:
        return forbid, [Loss(one.tool, "conditions", "deny")]
    losses = [Loss(one.tool, "ask", "deny")] if any(guard.asks for guard in one.guards) else []
    return permit, losses + limits_dropped([one])


def _write(effect: str, action: str, when: str = "") -> str:
    scope = f"{effect}(\n  principal,\n  action == AgentCore::Action::{quote(action)},\n  resource == {_RESOURCE}\n)"
    return f"{scope} when {{ {when} }};\n" if when else f"{scope};\n"


def _find(steps: list[str]) -> Shown:
    value = "context.input"
    there = []
    for step in steps:
        there.append(f"{value} has {quote(step)}")
        value = f"{value}[{quote(step)}]"
    return Shown(" && ".join(there), value)


_RESOURCE = f'AgentCore::Gateway::"{_GATEWAY}"'
_VIEW = View(_find, lambda number: long(number) or decimal(number), drops=False)

FORMAT = Format(
    id="agentcore",
    title="Amazon Bedrock AgentCore Gateway: Cedar",
    file="policies of a policy engine, one for each statement",
    language="cedar",
    render=render,
    checked="Bedrock AgentCore developer guide, Cedar schema constraints and limitations",
    notes=(
        "Put your gateway's ARN in place of REGION, ACCOUNT and GATEWAY; until then nothing is permitted.",
        "The server's name is the name of its target; a policy engine takes one statement a policy.",
        "A statement without conditions is a finding there: use IGNORE_ALL_FINDINGS, or narrow its principal.",
        "Whole numbers are compared as `integer`; where a tool's schema says `number`, use decimal methods instead.",
        "Where a tool's schema lists the values of an argument, the gateway's may want an entity in place of a string.",
    ),
)
