"""A policy merged into each client's file: what is the user's stays, what is stricter stays, twice is as once."""

import json

import pytest

from clients.merge import Merged
from clients.merge_forms import FORMS
from tests.clients.merged import BY_ID, IDS, SERVER, TOOLS, empty, merge, own_part, rendered
from tests.policy.formats.expected import calls, is_owed
from tests.policy.formats.policies import POLICIES
from tests.policy.formats.target import load_target


@pytest.mark.parametrize("form_id", IDS)
def test_every_form_has_its_format_and_language(form_id: str) -> None:
    assert BY_ID[form_id].language == FORMS[form_id].language


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("form_id", IDS)
def test_target_reads_what_was_recommended_or_reported(form_id: str, name: str) -> None:
    policy = POLICIES[name]
    merged = merge(empty(form_id), form_id, policy)
    assert (merged.kept, merged.wide, merged.gone) == ((), (), ())
    losses = rendered(form_id, policy).losses
    judge = load_target(BY_ID[form_id], own_part(form_id, merged.data), policy.server)
    wrong = [
        (one.tool, arguments)
        for one in policy.tools
        for arguments in calls(one)
        if not is_owed(one, losses, arguments, judge(one.tool, arguments))
    ]
    assert not wrong
    again = merge(merged.data, form_id, policy)
    assert again == Merged(merged.data)


# What a person wrote: of this server one entry that is stricter than recommended, of others all kinds.
STRICTER = {
    "claude-code": b'{\n // c1\n "permissions": {"deny": ["mcp__notes__free", "Read(.env)"], /* c2 */\n'
    b' "allow": ["mcp__other__x", "mcp__notes__asked"]}, "model": "x"}',
    "cursor-cli": b'{"version": 1, "permissions": {"allow": ["Shell(ls)", "Mcp(notes:asked)"],\n'
    b'  "deny": ["Mcp(notes:free)", "Mcp(other:free)"]}}',
    "kiro": b'{"mcpServers": {"notes": {"command": "x", "disabledTools": ["free"], "autoApprove": ["asked"]},\n'
    b' "other": {"disabledTools": ["free"]}}} // c1',
    "roo": b'{"mcpServers": {"notes": {"command": "x", "disabledTools": ["free"], "alwaysAllow": ["asked"]},\n'
    b' "other": {"disabledTools": ["free"]}}} // c1',
    "copilot-agent": b'{"mcpServers": {"notes": {"command": "x", "tools": ["denied"]}, "other": {"tools": ["*"]}}}',
    "opencode": b'{"theme": "x", "permission": {"bash": "ask", "notes_free": "deny", "notes_asked": "allow"} /* c */}',
    "codex": b'# c1\n[mcp_servers.notes]\ncommand = "x" # c2\nenabled_tools = ["asked", "denied"] # c3\n'
    b'[mcp_servers.other]\nenabled_tools = ["z"]\n',
    "gemini-cli": b'# c1\n[[rule]]\nmcpName = "notes"\ntoolName = ["free", "asked"]\ndecision = "deny"\n'
    b"priority = 600\n"
    b'[[rule]]\nmcpName = "other"\ntoolName = "z"\ndecision = "allow"\npriority = 1 # c2\n'
    b'[[rule]]\ncommandPrefix = "ls"\ntoolName = "run_shell_command"\ndecision = "allow"\npriority = 1\n',
}
FOREIGN = {
    "claude-code": ("c1", "c2", "Read(.env)", "mcp__other__x", '"model": "x"'),
    "cursor-cli": ("Shell(ls)", "Mcp(other:free)", '"version": 1'),
    "kiro": ('"command": "x"', '"other": {"disabledTools": ["free"]}', "c1"),
    "roo": ('"command": "x"', '"other": {"disabledTools": ["free"]}', "c1"),
    "copilot-agent": ('"command": "x"', '"other": {"tools": ["*"]}'),
    "opencode": ('"theme": "x"', '"bash": "ask"', "/* c */"),
    "codex": ("# c1", 'command = "x" # c2', "# c3", '[mcp_servers.other]\nenabled_tools = ["z"]'),
    "gemini-cli": ("# c1", 'mcpName = "other"', "priority = 1 # c2", 'commandPrefix = "ls"'),
}


def judged(form_id: str, data: bytes) -> dict[str, str]:
    plain = data.replace(b"// c1", b"").replace(b"/* c2 */", b"").replace(b"/* c */", b"")
    judge = load_target(BY_ID[form_id], own_part(form_id, plain), SERVER)
    return {one.tool: judge(one.tool, {}) for one in TOOLS}


@pytest.mark.parametrize("form_id", STRICTER)
def test_what_a_person_made_stricter_stays_until_it_is_to_be_replaced(form_id: str) -> None:
    merged = merge(STRICTER[form_id], form_id)
    assert {one.entry for one in merged.kept} >= {
        {"claude-code": "mcp__notes__free", "cursor-cli": "Mcp(notes:free)", "opencode": "notes_free"}.get(
            form_id, "free"
        )
    }
    asked = "deny" if form_id in ("copilot-agent", "gemini-cli") else "ask"  # it cannot ask; it was denied before
    assert judged(form_id, merged.data) == {"free": "deny", "asked": asked, "denied": "deny"}
    assert merge(merged.data, form_id).data == merged.data
    replaced = merge(merged.data, form_id, replace=True)
    assert replaced.kept == ()
    asked = "deny" if form_id == "copilot-agent" else "ask"
    assert judged(form_id, replaced.data) == {"free": "allow", "asked": asked, "denied": "deny"}
    assert merge(replaced.data, form_id) == Merged(replaced.data)
    for text in FOREIGN[form_id]:
        assert text in merged.data.decode()
        assert text in replaced.data.decode()


def test_vscode_keeps_other_tools_and_takes_approval_back() -> None:
    key = "chat.tools.eligibleForAutoApproval"
    before = b'{"%s": {"other": true, "denied": true, "free": false}, "x": 1}' % key.encode()
    merged = merge(before, "vscode")
    assert json.loads(merged.data) == {
        key: {"other": True, "denied": False, "free": False, "asked": False},
        "x": 1,
    }


def test_cursor_keeps_other_servers_and_takes_approval_back() -> None:
    before = b'{"mcpAllowlist": ["other:free", "notes:asked", "notes:old", "*:list_*"], "terminalAllowlist": ["ls"]}'
    merged = merge(before, "cursor")
    assert json.loads(merged.data) == {
        "mcpAllowlist": ["other:free", "*:list_*", "notes:free"],
        "terminalAllowlist": ["ls"],
    }
    assert [one.entry for one in merged.gone] == ["notes:old"]


def test_cline_takes_approval_back() -> None:
    before = b'{"mcpServers": {"notes": {"autoApprove": ["asked", "free"], "disabled": true}, "o": {}}}'
    assert json.loads(merge(before, "cline").data) == {
        "mcpServers": {"notes": {"autoApprove": ["free"], "disabled": True}, "o": {}}
    }


@pytest.mark.parametrize(
    ("form_id", "before", "own"),
    [
        ("claude-code", b'{"permissions": {"allow": ["mcp__notes__*"]}}', True),
        ("claude-code", b'{"permissions": {"allow": ["mcp__notes"]}}', True),
        ("cursor", b'{"mcpAllowlist": ["notes:*"]}', True),
        ("cursor", b'{"mcpAllowlist": ["*:*"]}', False),
        ("cursor-cli", b'{"permissions": {"allow": ["Mcp(not*:*)"]}}', False),
        ("roo", b'{"mcpServers": {"notes": {"alwaysAllow": ["*"]}}}', True),
        ("kiro", b'{"mcpServers": {"notes": {"autoApprove": ["de*"]}}}', True),
    ],
)
def test_a_wildcard_that_frees_the_server_stays_and_is_told(form_id: str, before: bytes, *, own: bool) -> None:
    merged = merge(before, form_id)
    assert [one.own for one in merged.wide] == [own]
    entry = merged.wide[0].entry.encode()
    assert b'"%s"' % entry in merged.data
    assert (b'"%s"' % entry in merge(before, form_id, replace=True).data) is not own


def test_wildcards_of_others_are_not_told() -> None:
    merged = merge(
        b'{"permissions": {"allow": ["mcp__other__*", "Bash(npm *)"], "deny": ["mcp__notes__d*"]}}', "claude-code"
    )
    assert merged.wide == ()
    assert b'"mcp__notes__d*"' in merged.data


def test_opencode_puts_its_keys_behind_a_pattern_that_would_decide() -> None:
    before = b'{"permission": {"notes_free": "allow", "notes_denied": "deny", "*": "allow", "x": "ask"}}'
    merged = merge(before, "opencode")
    assert list(json.loads(merged.data)["permission"])[:2] == ["*", "x"]
    assert judged("opencode", merged.data) == {"free": "allow", "asked": "ask", "denied": "deny"}
    assert merge(merged.data, "opencode").data == merged.data


def test_opencode_tells_which_keys_count_no_more() -> None:
    merged = merge(b'{"permission": {"notes_old": "ask", "notes_2_x": "deny", "other_x": "allow"}}', "opencode")
    assert [(one.entry, one.had) for one in merged.gone] == [("notes_old", "ask")]
    assert b'"notes_old": "ask"' in merged.data
    assert merge(merged.data, "opencode") == Merged(merged.data)


def test_opencode_leaves_a_pattern_that_is_stricter_in_force() -> None:
    merged = merge(b'{"permission": {"*": "allow", "*fre*": "ask"}}', "opencode")
    assert judged("opencode", merged.data)["free"] == "ask"
    assert [(one.entry, one.has) for one in merged.kept] == [("notes_free", "ask")]
