"""Format vscode: the tools that VS Code may never approve by itself; it can neither allow nor deny in settings."""

from policy.format import Format, Rendered
from policy.formats._json import to_json
from policy.formats._names import underscored
from policy.formats._settled import Client, settle
from policy.recommendation import Decision, ServerPolicy


def _never(_: str) -> bool:
    return False


_CLIENT = Client(Decision.ASK, may_allow=_never, may_stop=bool, allows=False, denies=False)


def render(policy: ServerPolicy) -> Rendered:
    """Keep every tool that is not freely allowed from being approved for good."""
    settled = settle(policy, _CLIENT)
    asked = {
        underscored(one.tool): False
        for one in policy.tools
        if one.tool and (one.is_conditional or one.decision is not Decision.ALLOW)
    }
    text = to_json({"chat.tools.eligibleForAutoApproval": dict(sorted(asked.items()))})
    return Rendered(text, settled.losses)


FORMAT = Format(
    id="vscode",
    title="VS Code: tools that always ask",
    file="settings.json",
    language="json",
    render=render,
    checked="microsoft/vscode, languageModelToolsService.ts and mcpLanguageModelToolContribution.ts",
    notes=(
        "A key is the tool's name alone: tools of that name from other servers then ask too.",
        "A tool that is not listed and that its server calls read-only runs without a question.",
        "What should never run: switch it off in the chat's tool picker. Bypass Approvals ignores all of this.",
    ),
)
