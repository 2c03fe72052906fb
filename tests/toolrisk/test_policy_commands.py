"""The commands `policy …` as people use them: on a server that a tools/list file describes."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from catalog.errors import UnknownServerError
from policy.errors import PolicyError
from policy.formats import FORMATS
from toolrisk.cli import app
from toolrisk.settings import SettingError

TOOLS = {
    "tools": [
        {"name": "list_notes", "description": "List all notes.", "inputSchema": {"type": "object", "properties": {}}},
        {"name": "add_note", "description": "Create a note with a text.", "inputSchema": {"type": "object"}},
        {"name": "delete_note", "description": "Permanently delete a note.", "inputSchema": {"type": "object"}},
        {
            "name": "pay_invoice",
            "description": "Pay an invoice from the account's balance.",
            "inputSchema": {"type": "object", "properties": {"amount": {"type": "number"}}, "required": ["amount"]},
        },
    ]
}


@pytest.fixture
def dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOOLRISK_CATALOG", str(tmp_path / "none.db"))
    Path("notes.json").write_text(json.dumps(TOOLS), encoding="utf-8")
    return "notes.json"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["policy", *arguments])


def as_json(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_policy_of_a_server_is_its_recommendation_in_our_own_form(dump: str) -> None:
    document = json.loads(run(dump).stdout)
    assert document["hide"] == ["delete_note"]
    assert document["tools"]["list_notes"] == {}
    assert document["tools"]["pay_invoice"]["require"] == [{"path": "args.amount", "op": "lte", "value": 100}]
    assert run("export", dump).stdout == run(dump).stdout


def test_profile_and_bounds_change_what_passes(dump: str) -> None:
    assert json.loads(run(dump, "--profile", "strict").stdout)["hide"] == ["delete_note", "pay_invoice"]
    capped = json.loads(run(dump, "--allow", "amount=7").stdout)
    assert capped["tools"]["pay_invoice"]["require"][0]["value"] == 7


@pytest.mark.parametrize("given", ["amount=x", "amount=", "colour=red", "folder"])
def test_a_bound_that_is_none_is_refused_by_name(dump: str, given: str) -> None:
    result = run(dump, "--allow", given)
    assert isinstance(result.exception, SettingError)
    assert given in str(result.exception)


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda one: one.id)
def test_every_format_can_be_asked_for_by_its_name(dump: str, chosen: Any) -> None:
    result = run(dump, "--format", chosen.id, "--server-name", "notes")
    assert result.exit_code == 0
    assert "goes into: " in result.stderr
    assert ("unverified" in result.stderr) == (chosen.checked is None)


def test_what_a_format_cannot_say_is_told_on_standard_error_and_as_json(dump: str) -> None:
    assert "hide became ask: 1 tool" in run(dump, "--format", "cursor", "--server-name", "n").stderr
    losses = as_json(dump, "--format", "cursor", "--server-name", "n")["losses"]
    assert {"tool": "delete_note", "wanted": "hide", "got": "ask", "says": "hide became ask", "looser": True} in losses


def test_a_name_of_ones_own_is_asked_for(dump: str) -> None:
    assert "--server-name" in run(dump, "--format", "codex").stderr
    named = run(dump, "--format", "codex", "--server-name", "mine")
    assert "mine" in tomllib.loads(named.stdout)["mcp_servers"]
    assert "--server-name" not in named.stderr


def test_an_unknown_format_names_the_nearest(dump: str) -> None:
    with pytest.raises(PolicyError, match="did you mean claude-code"):
        raise run(dump, "--format", "claude").exception  # type: ignore[misc]


def test_an_unknown_server_is_told(dump: str) -> None:
    assert dump
    result = run("no-such-server")
    assert result.exit_code != 0
    assert not isinstance(result.exception, UnknownServerError | None) or "no-such-server" in str(result.exception)


def test_a_server_without_tools_gets_a_policy_that_denies_everything_and_says_why(dump: str) -> None:
    Path(dump).write_text('{"tools": []}', encoding="utf-8")
    result = run(dump)
    assert json.loads(result.stdout) == {"version": "1", "default": "deny", "tools": {}}
    assert "denies everything" in result.stderr
    assert result.exit_code == 3
    for chosen in FORMATS:
        assert run(dump, "--format", chosen.id, "--server-name", "n").exit_code == 3


def test_a_policy_file_is_exported_as_it_stands(dump: str) -> None:
    document = json.loads(run(dump).stdout)
    document["tools"]["list_notes"] = {"deny_if": [{"conditions": [], "on_deny": "Requires human approval."}]}
    Path("my.policy.json").write_text(json.dumps(document), encoding="utf-8")
    text = run("my.policy.json", "--format", "claude-code", "--server-name", "n").stdout
    assert "mcp__n__list_notes" in json.loads(text)["permissions"]["ask"]


def test_check_tells_what_a_policy_leaves_out_and_what_is_not_there(dump: str) -> None:
    text = '{"version": "1", "default": "allow", "hide": ["delete_notes"], "tools": {"list_notes": {}}}'
    Path("p.json").write_text(text, encoding="utf-8")
    result = run("check", "p.json", "--server", dump)
    assert result.exit_code == 1
    assert "error: hide[0]: the server has no tool delete_notes; did you mean delete_note?" in result.stdout
    assert "warning: default: pay_invoice is not covered, so it may be called" in result.stdout
    assert "recommended otherwise: - delete_note: hide -> allow" in result.stdout
    levels = {one["level"] for one in as_json("check", "p.json", "--server", dump)["remarks"]}
    assert levels == {"error", "warning", "note"}


def test_check_has_nothing_to_say_of_the_recommendation_itself(dump: str) -> None:
    assert run(dump, "--out", "p.json").exit_code == 0
    assert run("check", "p.json", "--server", dump).stdout == "valid; nothing to say against it\n"


def test_calls_are_tried_on_a_policy_one_after_another(dump: str) -> None:
    run(dump, "--out", "p.json")
    calls = [
        '{"tool": "list_notes"}',
        '{"tool": "pay_invoice", "arguments": {"amount": 5}, "at": "2026-01-01T00:00:00"}',
        '{"tool": "pay_invoice", "arguments": {"amount": 500}}',
        '{"tool": "delete_note", "arguments": {}}',
        *['{"tool": "add_note"}'] * 31,
    ]
    Path("calls.jsonl").write_text("\n".join(calls), encoding="utf-8")
    lines = run("test", "p.json", "calls.jsonl").stdout.splitlines()
    assert lines[0] == "1: allow list_notes by tools.list_notes"
    assert lines[1].startswith("2: ask pay_invoice by tools.pay_invoice.deny_if[0]")
    assert lines[2] == "3: deny pay_invoice by tools.pay_invoice.require[0] (args.amount lte 100)"
    assert lines[3] == "4: deny delete_note by hide (hidden)"
    assert lines[-1] == "35: throttle add_note by tools.add_note.limits[0] (at most 30 a minute)"
    counts = as_json("test", "p.json", "calls.jsonl")["counts"]
    assert counts == {"allow": 31, "throttle": 1, "ask": 1, "deny": 2}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: expected"),
        ('{"tool": 5}', "line 2: expected"),
        ('{"tool": "t", "at": "noon"}', "line 2: at: expected a time"),
    ],
)
def test_a_call_that_is_none_is_refused_with_its_line(dump: str, line: str, says: str) -> None:
    run(dump, "--out", "p.json")
    Path("calls.jsonl").write_text('{"tool": "t"}\n' + line, encoding="utf-8")
    with pytest.raises(PolicyError, match=says):
        raise run("test", "p.json", "calls.jsonl").exception  # type: ignore[misc]


def test_diff_tells_what_lets_more_pass(dump: str) -> None:
    run(dump, "--profile", "strict", "--out", "strict.json")
    run(dump, "--out", "usual.json")
    assert run("diff", "strict.json", "strict.json").stdout == ""
    result = run("diff", "strict.json", "usual.json", "--fail-on", "looser")
    assert result.exit_code == 1
    assert "- pay_invoice: hide -> ask" in result.stdout
    assert run("diff", "usual.json", "strict.json", "--fail-on", "looser").exit_code == 0
    assert run("diff", "usual.json", "strict.json", "--fail-on", "any").exit_code == 1
    assert as_json("diff", "usual.json", dump)["differences"] == []


def test_formats_are_listed_with_what_was_checked() -> None:
    rows = as_json("formats")["formats"]
    assert [row["id"] for row in rows] == [one.id for one in FORMATS]
    assert all(one.id in run("formats").stdout for one in FORMATS)


def test_schema_is_the_documents_own() -> None:
    assert json.loads(run("schema").stdout)["title"] == "Toolrisk policy"
