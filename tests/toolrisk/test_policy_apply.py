"""`toolrisk policy apply`, on real files below a home of its own: shown first, written on demand, nothing ever lost."""

import json
from pathlib import Path

import pytest

from tests.toolrisk.applied import BOTH, CLIENTS, LOCAL, MAIL, files_below, in_json, make_home, run, set_up, write
from toolrisk.options import NOTHING_FOUND
from toolrisk.policies.policy_files import APPLIABLE
from toolrisk.settings import SettingError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


def test_every_client_is_tried_here() -> None:
    assert [one.id for one in APPLIABLE] == sorted(CLIENTS)


@pytest.mark.parametrize("client", CLIENTS)
def test_it_shows_first_writes_on_demand_and_does_nothing_twice(home: Path, client: str) -> None:
    target = set_up(home, client)
    before = files_below(home)
    shown = run("--client", client)
    assert shown.exit_code == 0
    assert files_below(home) == before
    assert "delete_mailbox" in shown.stdout or "read_inbox" in shown.stdout
    assert "nothing written; --write does it" in shown.stderr
    assert "hunter2" not in shown.output

    assert run("--client", client, "--write").exit_code == 0
    after = files_below(home)
    backup = target.with_name(f"{target.name}.toolrisk-backup")
    assert set(after) - set(before) == ({backup} if target in before else {target})
    assert after.get(backup) == before.get(target)
    assert {path for path in before if after[path] != before[path]} <= {target}
    assert b"mail" in after[target]

    again = run("--client", client, "--write")
    assert "nothing to change" in again.stderr
    assert again.stdout == ""
    assert files_below(home) == after


@pytest.mark.parametrize("client", sorted(set(CLIENTS) - {"codex", "opencode"}))
def test_a_server_that_is_not_known_is_left_alone_and_that_is_said(home: Path, client: str) -> None:
    target = set_up(home, client)
    run("--client", client, "--write")
    left = in_json("--client", client)["left_alone"]
    assert [one["name"] for one in left] == ["thing"]
    assert "what its client does by itself still holds" in left[0]["why"]
    if target.suffix == ".json" and "mcpServers" in target.read_text():
        assert json.loads(target.read_text())["mcpServers"]["thing"] == LOCAL


def test_json_tells_losses_what_stayed_and_what_was_written(home: Path) -> None:
    set_up(home, "claude-code")
    held = {"permissions": {"allow": ["mcp__mail__*", "mcp__mail__gone"], "deny": ["mcp__mail__read_inbox"]}}
    target = write(home / ".claude/settings.json", json.dumps(held))
    found = in_json("--client", "claude-code", "--write")
    assert found["schema_version"] == 1
    [file] = found["files"]
    assert file["written"]
    assert file["changed"]
    assert file["backup"] == f"{target}.toolrisk-backup"
    [server] = found["servers"]
    assert server["kept"] == [{"entry": "mcp__mail__read_inbox", "has": "deny", "wanted": "allow"}]
    assert server["wildcards"] == [{"entry": "mcp__mail__*", "own": True}]
    assert server["removed"] == [{"entry": "mcp__mail__gone", "had": "allow"}]
    assert server["losses"]
    run("--client", "claude-code", "--write", "--replace")
    now = json.loads(target.read_text())["permissions"]
    assert "mcp__mail__read_inbox" in now["allow"]
    assert "mcp__mail__*" not in now["allow"]


def test_a_server_is_named_with_what_it_is_and_only_it_counts(home: Path) -> None:
    target = set_up(home, "kiro")
    before = json.loads(target.read_text())["mcpServers"]["mail"]
    tools = [{"name": "list_things", "description": "Lists the things.", "inputSchema": {}}]
    dump = write(home / "tools.json", json.dumps({"tools": tools}))
    assert run("--client", "kiro", "--server", f"thing={dump}", "--write").exit_code == 0
    servers = json.loads(target.read_text())["mcpServers"]
    assert servers["mail"] == before
    assert servers["thing"] == {**LOCAL, "autoApprove": ["list_things"], "disabledTools": []}


def test_a_policy_file_may_say_what_is_recommended(home: Path) -> None:
    set_up(home, "claude-code")
    policy = write(
        home / "policy.json", json.dumps({"version": "1", "tools": {"read_inbox": {}}, "hide": ["send_mail"]})
    )
    run("--client", "claude-code", "--server", f"mail={policy}", "--write")
    permissions = json.loads((home / ".claude/settings.json").read_text())["permissions"]
    assert permissions == {"allow": ["mcp__mail__read_inbox"], "ask": [], "deny": ["mcp__mail__send_mail"]}


def test_a_projects_servers_go_into_the_projects_file(home: Path, tmp_path: Path) -> None:
    set_up(home, "claude-code")
    project = tmp_path / "project"
    write(project / ".mcp.json", BOTH.replace('"mail"', '"post"'))
    run("--client", "claude-code", "--project", str(project), "--write")
    assert "mcp__post__read_inbox" in (project / ".claude/settings.json").read_text()
    assert not (home / ".claude").exists()


def test_another_file_may_be_named(home: Path, tmp_path: Path) -> None:
    set_up(home, "claude-code")
    named = tmp_path / "elsewhere.json"
    run("--client", "claude-code", "--file", str(named), "--write")
    assert "mcp__mail__read_inbox" in named.read_text()
    assert not (home / ".claude").exists()


def test_one_name_for_two_servers_is_left_alone(home: Path) -> None:
    web = {"command": "uvx", "args": ["web-mcp"]}
    document = {"mcpServers": {"mail": MAIL}, "projects": {"/p": {"mcpServers": {"mail": web}}}}
    write(home / ".claude.json", json.dumps(document))
    found = in_json("--client", "claude-code")
    assert found["servers"] == []
    assert "in several ways" in found["left_alone"][0]["why"]


def test_a_name_that_the_client_cannot_hold_is_left_alone(home: Path) -> None:
    write(home / ".gemini/settings.json", BOTH.replace('"mail"', '"my_mail"'))
    result = run("--client", "gemini-cli", "--write")
    assert result.exit_code == NOTHING_FOUND
    assert "left alone: my_mail" in result.stderr
    assert not (home / ".gemini/policies").exists()


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "../../evil", 'a"b', "a*", "mcp__x", "", "é" * 300, "•••"])
@pytest.mark.parametrize("client", ["claude-code", "cursor", "gemini-cli", "kiro", "vscode", "roo"])
def test_a_hostile_name_of_a_server_goes_nowhere(home: Path, client: str, name: str) -> None:
    target = set_up(home, client)
    source = home / CLIENTS[client][0]
    write(source, source.read_text().replace('"mail"', json.dumps(name)))
    before = set(files_below(home.parent))
    result = run("--client", client, "--write")
    assert isinstance(result.exception, SystemExit | type(None))
    assert "\x1b" not in result.output
    new = set(files_below(home.parent)) - before
    assert all(path.parent == target.parent and path.name.startswith(target.name.split("-mail")[0]) for path in new)


def test_no_server_at_all_is_said(home: Path) -> None:
    write(home / ".cursor/mcp.json", "{}")
    result = run("--client", "cursor")
    assert result.exit_code == NOTHING_FOUND
    assert "no server is configured" in result.stderr


def test_a_configuration_that_cannot_be_read_is_said_with_its_line(home: Path) -> None:
    write(home / ".codex/config.toml", "a = 1\n[mcp_servers.mail\n")
    result = run("--client", "codex", "--write")
    assert result.exit_code == NOTHING_FOUND
    assert "config.toml: line 2" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--client", "claude"], "did you mean claude-code"),
        (["--client", "zzz"], "expected one of claude-code"),
        (["--client", "cursor", "--server", "other"], "cursor has no such server; it has: mail, thing"),
        (["--client", "cursor", "--server", "=x"], "expected the server's name"),
        (["--client", "cursor", "--server", "mail="], "expected the server's name"),
    ],
)
def test_wrong_use_is_one_clear_line(home: Path, arguments: list[str], says: str) -> None:
    set_up(home, "cursor")
    result = run(*arguments)
    assert isinstance(result.exception, SettingError)
    assert says in str(result.exception)
    assert "\n" not in str(result.exception)


def test_gaps_of_a_server_are_told(home: Path) -> None:
    partly = {"command": "npx", "args": ["partial-mcp@1.0.0"]}
    write(home / ".cursor/mcp.json", json.dumps({"mcpServers": {"files": partly}}))
    assert "files: was not read as a whole" in run("--client", "cursor").stderr
