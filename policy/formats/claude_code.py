"""Format claude-code: permission rules of Claude Code's settings, which allow, ask and deny tools by name."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import check_server, underscored
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy

_SERVER = "[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*"


def _is_word(tool: str) -> bool:
    return bool(tool) and underscored(tool) == tool


# Deny rules win over ask rules, these over allow rules. What no rule names is asked for.
_CLIENT = Client(Decision.ASK, may_allow=_is_word, may_stop=bool, known_as=underscored, frees=True)


def render(policy: ServerPolicy) -> Rendered:
    """Name each tool as `mcp__server__tool` in the list of its decision, the way the client spells it."""
    check_server(policy.server, _SERVER, 'Claude Code knows letters, digits, "-" and single "_" between them')
    settled = settle(policy, _CLIENT)
    prefix = f"mcp__{policy.server}__"
    rules = {
        decision.value: sorted({prefix + underscored(tool) for tool in settled.tools(decision) if tool})
        for decision in (Decision.ALLOW, Decision.ASK, Decision.DENY)
    }
    if settled.unlisted is Decision.ALLOW:
        rules[Decision.ALLOW.value] = [f"{prefix}*"]
    return Rendered(to_json({"permissions": rules}), settled.losses)


FORMAT = Format(
    id="claude-code",
    title="Claude Code: permissions",
    file=".claude/settings.json",
    language="json",
    render=render,
    checked="code.claude.com, permissions",
    notes=(
        "Merge it into the lists that are there: a broader deny or ask rule wins over these, and deny over ask.",
        "A plugin's server is called plugin_<plugin>_<server>, a claude.ai connector claude_ai_<server>.",
        "The mode bypassPermissions skips questions, so what is only asked for then runs.",
    ),
)
