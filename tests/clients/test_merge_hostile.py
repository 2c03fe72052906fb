"""Files with odd layouts, wrong shapes and secrets: merged or refused in one line, and shown without the secrets."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.client import Language
from clients.errors import DocumentError
from clients.merge_forms import FORMS
from clients.merge_masking import mask_file
from policy.recommendation import Decision, Recommendation, ServerPolicy, strictest
from tests.clients.merged import IDS, SERVER, merge

ENTRY = b'{\n  // mine\n  "mcpServers": {\n    "notes": {"command": "x", "env": {"KEY": "hunter2"}}, // why\n  },\n}\n'
TABLE = b'# mine\n[mcp_servers.notes]\ncommand = "x" # why\nenv = { KEY = "hunter2" }\n\n[other]\nk = 1\n'


@pytest.mark.parametrize("form_id", IDS)
def test_line_ends_and_the_mark_at_the_beginning_stay(form_id: str) -> None:
    start = TABLE if FORMS[form_id].language is Language.TOML else ENTRY
    before = b"\xef\xbb\xbf" + start.replace(b"\n", b"\r\n")
    after = merge(before, form_id).data
    assert after.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in after.replace(b"\r\n", b"")
    assert b"mine" in after
    assert merge(after, form_id).data == after


@pytest.mark.parametrize(
    ("form_id", "before", "says"),
    [
        ("claude-code", b'{"permissions": []}', "expected permissions to be an object, found a list"),
        ("claude-code", b'{"permissions": {"allow": {}}}', "expected permissions.allow to be a list, found an object"),
        ("claude-code", b"[1]", "expected the whole file to be an object, found a list"),
        ("claude-code", b'{"permissions": {"allow": ["a" "b"]}}', "not JSON"),
        ("claude-code", b'{"a": "\xff"}', "expected text in UTF-8"),
        ("claude-code", b'{"permissions": {}, "permissions": null}', "found something else"),
        ("codex", b"[mcp_servers.notes]\nenabled_tools = 1", "to be a list"),
        ("codex", b"[mcp_servers.other]\n", "the server is not configured here"),
        ("codex", b"[mcp_servers.notes]\ntools = [1]", "to be an object, found a list"),
        ("codex", b"[mcp_servers.notes\n", "not TOML"),
        ("kiro", b'{"mcpServers": {"other": {}}}', "the server is not configured here"),
        ("kiro", b'{"mcpServers": {"notes": "x"}}', "mcpServers.notes to be an object, found text"),
        ("opencode", b'{"permission": "ask"}', "expected permission to be an object, found text"),
        ("opencode", b'{"permission": {"notes_*": {"a": "ask"}}}', "to be one of allow, ask, deny"),
        ("vscode", b'{"chat.tools.eligibleForAutoApproval": true}', "to be an object, found true or false"),
        ("gemini-cli", b"rule = 1", "expected rule to be a list"),
    ],
)
def test_a_wrong_shape_is_one_clear_line(form_id: str, before: bytes, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        merge(before, form_id)
    assert says in caught.value.expected
    assert caught.value.expected.isprintable()


def is_merged_or_refused_in_one_line(data: bytes, form_id: str) -> bool:
    try:
        merged = merge(data, form_id)
    except DocumentError as error:
        return error.expected.isprintable()
    return merge(merged.data, form_id).data == merged.data


@pytest.mark.parametrize("form_id", IDS)
@settings(max_examples=40)
@given(data=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_make_it_fail_otherwise(form_id: str, data: bytes) -> None:
    assert is_merged_or_refused_in_one_line(data, form_id)


WORDS = ["free", "mcp__notes__free", "notes:asked", "notes_free", "*", "notes", "allow", "deny", "\ud800", "é\n"]
KEYS = [
    "permissions",
    "allow",
    "ask",
    "deny",
    "permission",
    "mcpServers",
    "mcp_servers",
    "notes",
    "tools",
    "autoApprove",
]
KEYS += [
    "alwaysAllow",
    "disabledTools",
    "enabled_tools",
    "approval_mode",
    "mcpAllowlist",
    "rule",
    "mcpName",
    "toolName",
]
KEYS += ["decision", "priority", "chat.tools.eligibleForAutoApproval", "default_tools_approval_mode", "free", "notes_*"]
ODD = st.recursive(
    st.sampled_from([*WORDS, 1, 1.5, True, False]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("form_id", IDS)
@settings(max_examples=40)
@given(document=st.dictionaries(st.sampled_from(KEYS), ODD, max_size=5), server=ODD, indent=st.sampled_from([None, 2]))
def test_no_shape_makes_it_fail_otherwise(form_id: str, document: Any, server: Any, indent: int | None) -> None:
    if FORMS[form_id].language is Language.JSON:
        data = json.dumps({**document, "mcpServers": {"notes": server}}, indent=indent).encode()
    else:
        data = tomlkit.dumps({**document, "mcp_servers": {"notes": server}}).encode(errors="replace")
    assert is_merged_or_refused_in_one_line(data, form_id)


ENTRIES = st.sampled_from(
    [f"mcp__{server}__{tool}" for server in (SERVER, "other", "notes_2") for tool in ("free", "asked", "old", "*")]
    + ["Bash(ls)", "WebFetch", "mcp__notes", "mcp__*", ""]
)
HELD = st.fixed_dictionaries(
    {},
    optional={name: st.lists(ENTRIES | st.none() | st.integers(), max_size=6) for name in ("allow", "ask", "deny")},
)


@given(held=HELD, indent=st.sampled_from([None, 0, 2, "\t"]), decisions=st.lists(st.sampled_from(Decision), max_size=3))
def test_merging_is_idempotent_loosens_nothing_and_keeps_all_that_is_foreign(
    held: Mapping[str, list[Any]], indent: int | str | None, decisions: list[Decision]
) -> None:
    names = ["free", "asked", "new"]
    policy = ServerPolicy(
        SERVER, strictest(Recommendation(name, one) for name, one in zip(names, decisions, strict=False))
    )
    merged = merge(json.dumps({"permissions": held, "z": 1}, indent=indent).encode(), "claude-code", policy)
    after = json.loads(merged.data)["permissions"]
    for name, listed in held.items():
        foreign = [one for one in listed if not _is_own(one)]
        assert [one for one in after[name] if not _is_own(one)] == foreign
    assert merge(merged.data, "claude-code", policy).data == merged.data
    for one in policy.tools:
        strict = ["allow", "ask", "deny"]
        entry = f"mcp__{SERVER}__{one.tool}"
        was = [strict.index(name) for name in strict if entry in held.get(name, [])]
        wanted = min(one.decision.strictness, 2)
        now = [strict.index(name) for name in strict if entry in after[name]]
        assert now == [max([*was, wanted])]


def _is_own(entry: Any) -> bool:
    return isinstance(entry, str) and entry.startswith(f"mcp__{SERVER}__") and "*" not in entry


@pytest.mark.parametrize("form_id", [one for one in IDS if one != "gemini-cli"])
def test_what_is_shown_of_a_file_holds_no_secret(form_id: str) -> None:
    start = TABLE if FORMS[form_id].language is Language.TOML else ENTRY.replace(b"mine", b"mine: hunter2")
    merged = merge(start, form_id)
    assert b"hunter2" in merged.data
    shown = mask_file(merged.data, form_id)
    assert "hunter2" not in shown
    assert "free" in shown or "asked" in shown
    assert shown.count("\n") == merged.data.count(b"\n")


def test_a_secret_in_a_rule_of_the_users_is_not_shown() -> None:
    data = b'{"permissions": {"allow": ["Bash(curl -H \'Authorization: Bearer abcdef123\')", "mcp__notes__free"]}}'
    shown = mask_file(data, "claude-code")
    assert "abcdef123" not in shown
    assert "mcp__notes__free" in shown
