"""What clients must not be fooled by: calls that imitate an argument, names that clients spell anew, odd servers."""

import json
import tomllib
from typing import Any

import pytest

from policy.errors import PolicyError
from policy.format import Format, Loss
from policy.formats import claude_code, cline, codex, cursor, cursor_cli, gemini_cli, opencode, roo, vscode
from policy.recommendation import Decision, Recommendation, ServerPolicy, strictest
from policy.rules import Condition, Guard
from tests.policy.formats.target import load_target

GET_ONLY = Recommendation("switch", Decision.ALLOW, require=(Condition("args.action", "in", ["get", 'say "x"', 1]),))
LONG = "x" * 60


def say(chosen: Format, tools: tuple[Recommendation, ...], tool: str, arguments: dict[str, Any] | None = None) -> str:
    policy = ServerPolicy("notes", strictest(tools))
    return load_target(chosen, chosen.render(policy).text, "notes")(tool, arguments or {})


@pytest.mark.parametrize(
    "arguments",
    [
        {"note": '\0"action":"get"\0'},
        {"note": '"action":"get"'},
        {"inner": {"action": "get"}},
        {"inner": [{"action": "get"}], "action": "drop"},
        {"action": "drop", "x": {"action": "get"}},
        {"action": ["get"]},
        {"action": "get2"},
        {"action": "xget"},
        {"action": 'say \\"x\\"'},
        {"action": True},
        {"action": "1"},
        {"action": 12},
        {"action": 1.5},
        {"Action": "get"},
        {'x":"y","action': "get"},
    ],
)
def test_gemini_cli_is_not_fooled_by_what_looks_like_an_argument(arguments: dict[str, Any]) -> None:
    assert say(gemini_cli.FORMAT, (GET_ONLY,), "switch", arguments) == "deny"


@pytest.mark.parametrize("action", ["get", 'say "x"', 1, 1.0])
def test_gemini_cli_lets_what_is_required_pass(action: object) -> None:
    assert say(gemini_cli.FORMAT, (GET_ONLY,), "switch", {"action": action, "z": "\u2028", "a": [1]}) == "allow"


@pytest.mark.parametrize(
    "condition",
    [
        Condition("args.amount", "lte", 100),
        Condition("args.a.b", "eq", "x"),
        Condition("args.text", "regex", "^x$"),
        Condition("args.text", "contains", "x"),
        Condition("args.count", "eq", 2**53),
        Condition("args.count", "eq", 0.5),
        Condition("args.list", "eq", ["x"]),
        Condition("args.text", "eq", "\ud800"),
        Condition("args.text", "in", ["x" * 3000]),
    ],
)
def test_gemini_cli_asks_where_it_cannot_test_exactly(condition: Condition) -> None:
    policy = ServerPolicy("notes", (Recommendation("tool", Decision.ALLOW, require=(condition,)),))
    assert gemini_cli.render(policy).losses == (Loss("tool", "conditions", "ask"),)


def test_gemini_cli_tells_why_in_one_line_that_stays_in_its_string() -> None:
    guard = Guard(
        (Condition("args.force", "eq", value=True),), 'No "force".\n"""\ndecision = "allow"\u2028' + "x" * 999
    )
    text = gemini_cli.render(ServerPolicy("notes", (Recommendation("drop", Decision.ALLOW, guards=(guard,)),))).text
    (message,) = [rule["denyMessage"] for rule in tomllib.loads(text)["rule"] if "denyMessage" in rule]
    assert message.startswith('No "force". """ decision = "allow" xxx')
    assert message.isprintable()
    assert len(message) == 160


def test_codex_comments_hold_one_line_each() -> None:
    one = Recommendation(
        "read", Decision.ALLOW, reasons=("it reads\n[mcp_servers.notes.tools.drop]\u202e\0ends", "more")
    )
    text = codex.render(ServerPolicy("notes", (one,))).text
    assert "# it reads [mcp_servers.notes.tools.drop] ends\n" in text
    assert set(tomllib.loads(text)["mcp_servers"]["notes"]["tools"]) == {"read"}


def test_codex_is_not_given_a_name_that_no_file_can_hold() -> None:
    rendered = codex.render(ServerPolicy("notes", (Recommendation("half\ud800", Decision.ALLOW),), Decision.ALLOW))
    assert rendered.text.encode()
    assert rendered.losses == (Loss("", "default", "deny"), Loss("half\ud800", "name", "deny"))


def test_a_denied_tool_does_not_get_free_by_a_space_in_its_name() -> None:
    tools = (Recommendation("wipe all", Decision.DENY), Recommendation("wipe_all", Decision.ALLOW))
    assert say(claude_code.FORMAT, tools, "wipe all") == "deny"
    for chosen in (claude_code.FORMAT, gemini_cli.FORMAT, opencode.FORMAT):
        assert say(chosen, tools, "wipe_all") == "deny"
        assert Loss("wipe_all", "name", "deny") in chosen.render(ServerPolicy("notes", tools)).losses


def test_a_long_name_is_not_mistaken_for_the_one_it_is_cut_to() -> None:
    cut = f"{LONG}{LONG}"
    short = "x" * 20 + "..." + "x" * 30
    tools = (Recommendation(cut, Decision.DENY), Recommendation(short, Decision.ALLOW))
    assert say(gemini_cli.FORMAT, tools, short) == "deny"


def test_roo_hears_hyphens_and_underscores_alike() -> None:
    tools = (Recommendation("drop-it", Decision.ASK), Recommendation("drop_it", Decision.ALLOW))
    assert say(roo.FORMAT, tools, "drop_it") == "ask"


def test_opencode_on_windows_does_not_tell_capitals_apart() -> None:
    tools = (Recommendation("Drop", Decision.DENY), Recommendation("drop", Decision.ALLOW))
    assert say(opencode.FORMAT, tools, "drop") == "deny"


def test_what_vscode_does_not_ask_for_each_time_is_only_what_is_free() -> None:
    policy = ServerPolicy("notes", strictest((GET_ONLY, Recommendation("a.b c", Decision.ASK), *PLAIN)))
    eligible = json.loads(vscode.render(policy).text)["chat.tools.eligibleForAutoApproval"]
    assert eligible == {"a_b_c": False, "drop": False, "switch": False}


PLAIN = (Recommendation("drop", Decision.HIDE), Recommendation("read", Decision.ALLOW))


@pytest.mark.parametrize(
    ("chosen", "server"),
    [
        *((claude_code.FORMAT, server) for server in ("my notes", "a__b", "_a", "a_", "a*", "")),
        *((cline.FORMAT, server) for server in ("my notes", "a__b", "a_", "")),
        *((codex.FORMAT, server) for server in ("my notes", "a.b", "")),
        *((cursor.FORMAT, server) for server in ("a:b", "a*", "", "a\n")),
        *((cursor_cli.FORMAT, server) for server in ("my notes", "a:b", "a)", "*")),
        *((gemini_cli.FORMAT, server) for server in ("my_notes", "mcp", "x" * 26, "*", "", "notes\n")),
    ],
)
def test_a_server_that_rules_would_miss_is_refused(chosen: Format, server: str) -> None:
    with pytest.raises(PolicyError, match="server name") as caught:
        chosen.render(ServerPolicy(server, PLAIN))
    assert str(caught.value).isprintable()


def test_a_freed_server_keeps_its_new_tools_free_and_the_denied_denied() -> None:
    policy = ServerPolicy("notes", PLAIN, Decision.ALLOW)
    for chosen in (claude_code.FORMAT, codex.FORMAT, gemini_cli.FORMAT, opencode.FORMAT):
        rendered = chosen.render(policy)
        judge = load_target(chosen, rendered.text, "notes")
        assert [judge(tool, {}) for tool in ("read", "drop", "new")] == ["allow", "deny", "allow"]
        assert rendered.losses == ()
