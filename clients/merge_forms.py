"""Where each client's file holds a policy, and how strict what stands there is: data, one entry a format.

Not for what a policy says: its text is made elsewhere, by the format of the same name.
"""

from dataclasses import dataclass

from clients.client import Language
from clients.merge_keys import GradedMembers, OrderedPatterns
from clients.merge_lists import GradedLists
from clients.merge_offers import OfferedTools
from clients.merge_plan import ALLOW, ASK, DENY, SERVER, Part
from clients.merge_rules import Rules


@dataclass(frozen=True, slots=True)
class Form:
    """A client's file. `entry` leads to the server's own entry, which must be there already.

    `hides` tells whether the rest of the file may hold secrets.
    """

    language: Language
    parts: tuple[Part, ...]
    entry: tuple[str, ...] | None = None
    hides: bool = True


_ENTRY = ("mcpServers", SERVER)
_APPROVAL = {"approve": 0, "auto": 1, "writes": 1, "prompt": 2}
_CODEX = ("mcp_servers", SERVER)
_GLOB = "*?[]{}"


def _in_entry(**lists: int) -> Form:
    """Describe lists that stand in the server's own entry, one for each of some grades; the rest asks."""
    graded = tuple(((*_ENTRY, key), grade) for key, grade in lists.items())
    return Form(Language.JSON, (GradedLists(graded, unlisted=ASK),), _ENTRY)


FORMS: dict[str, Form] = {
    "claude-code": Form(
        Language.JSON,
        (
            GradedLists(
                ((("permissions", "allow"), ALLOW), (("permissions", "ask"), ASK), (("permissions", "deny"), DENY)),
                unlisted=ASK,
                entry=f"mcp__{SERVER}__{{tool}}",
                wildcards="*(",
                whole=f"mcp__{SERVER}",
            ),
        ),
    ),
    "cline": _in_entry(autoApprove=ALLOW),
    "codex": Form(
        Language.TOML,
        (
            OfferedTools((*_CODEX, "enabled_tools"), (*_CODEX, "disabled_tools")),
            GradedMembers(_CODEX, _APPROVAL, only="default_tools_approval_mode"),
            GradedMembers((*_CODEX, "tools"), _APPROVAL, leaf="approval_mode"),
        ),
        _CODEX,
    ),
    "copilot-agent": Form(Language.JSON, (OfferedTools((*_ENTRY, "tools")),), _ENTRY),
    "cursor": Form(
        Language.JSON,
        (
            GradedLists(
                ((("mcpAllowlist",), ALLOW),), unlisted=ASK, entry=f"{SERVER}:{{tool}}", wildcards=_GLOB, whole=SERVER
            ),
        ),
    ),
    "cursor-cli": Form(
        Language.JSON,
        (
            GradedLists(
                ((("permissions", "allow"), ALLOW), (("permissions", "deny"), DENY)),
                unlisted=ASK,
                entry=f"Mcp({SERVER}:{{tool}})",
                wildcards=_GLOB,
            ),
        ),
    ),
    "gemini-cli": Form(Language.TOML, (Rules(("rule",)),), hides=False),
    "kiro": _in_entry(autoApprove=ALLOW, disabledTools=DENY),
    "opencode": Form(Language.JSON, (OrderedPatterns(("permission",)),)),
    "roo": _in_entry(alwaysAllow=ALLOW, disabledTools=DENY),
    "vscode": Form(
        Language.JSON,
        (GradedMembers(("chat.tools.eligibleForAutoApproval",), {True: 0, False: 1}),),
    ),
}
