"""The command `live`, as a user types it: with servers of our own, at a terminal and without one."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from catalog.errors import CatalogError
from crawler.errors import FetchError
from crawler.live.asking import list_live
from crawler.live.records import LiveSetting, parse_live_target
from crawler.recovery.tools_list import read_tools_list
from tests.crawler.live_servers import HEARTBEAT, MAIL, PLAIN, command_of, serve_answer
from toolrisk.live_commands import live

# The whole program, with the command in it however the others are put together.
PROGRAM = """
import sys
from toolrisk.cli import app, main
from toolrisk.live_commands import live
if not any(group.typer_instance is live for group in app.registered_groups):
    app.add_typer(live)
main()
"""
WITHOUT_SDK = "import sys; sys.modules['mcp'] = None\n"


def settings_of(folder: Path) -> dict[str, str]:
    return {
        "TOOLRISK_CATALOG": str(folder / "catalog.db"),
        "TOOLRISK_CACHE": str(folder / "cache"),
        "NO_COLOR": "1",
        "COLUMNS": "200",
    }


def run(folder: Path, *arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(live, arguments, env={**settings_of(folder), **variables})


def run_program(
    folder: Path, *arguments: str, stdin: int = subprocess.DEVNULL, before: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **settings_of(folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-W", "error", "-c", before + PROGRAM, "live", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False, stdin=stdin
    )


@pytest.fixture
def mail(tmp_path: Path) -> str:
    return command_of(tmp_path, MAIL)


@pytest.fixture
def marked(tmp_path: Path) -> str:
    """A server that leaves a mark when it is started."""
    return command_of(tmp_path, "import sys, pathlib; pathlib.Path(sys.argv[1]).touch()", str(tmp_path / "mark"))


def at_terminal(folder: Path, typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode())
        return run_program(folder, *arguments, stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)


def test_nothing_is_started_without_a_yes_where_nobody_can_be_asked(tmp_path: Path, marked: str) -> None:
    done = run(tmp_path, marked)
    assert done.exit_code == 2
    assert "FOREIGN CODE IS ABOUT TO RUN WITH YOUR RIGHTS" in done.stderr
    assert marked.removeprefix("stdio:") in done.stderr
    assert done.stderr.strip().endswith("--yes starts it without a question")
    assert not (tmp_path / "mark").exists()


def test_at_a_terminal_only_a_typed_yes_starts_it(tmp_path: Path, marked: str) -> None:
    assert at_terminal(tmp_path, "y\n", marked).returncode == 2
    assert not (tmp_path / "mark").exists()
    at_terminal(tmp_path, "yes\n", marked)
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_does_not_outlive_the_command(tmp_path: Path, number: signal.Signals) -> None:
    heartbeat = tmp_path / "heartbeat"
    command = [sys.executable, "-c", PROGRAM, "live", command_of(tmp_path, HEARTBEAT, str(heartbeat)), "--yes"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 30
        while not heartbeat.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(number)
        assert running.wait(20) != 0
    beats = heartbeat.stat().st_size
    time.sleep(0.2)
    assert heartbeat.stat().st_size == beats


def test_tools_are_shown_with_how_to_compare_them(tmp_path: Path, mail: str) -> None:
    done = run(tmp_path, mail, "--yes")
    assert done.exit_code == 0
    assert "mail 1.2: complete, 2 tools" in done.stdout
    assert "Sends a message to anyone." in done.stdout
    assert "--against" in done.stdout
    assert "FOREIGN CODE" in done.stderr


def test_what_is_written_is_what_was_listed(tmp_path: Path, mail: str) -> None:
    out = tmp_path / "mail.json"
    found = json.loads(run(tmp_path, mail, "--yes", "--json", "--out", str(out)).stdout)
    written = read_tools_list(out.read_bytes(), "mail.json").definitions
    listed = list_live(parse_live_target(mail), LiveSetting(environment={"PATH": os.environ["PATH"]}))
    assert [one.digest() for one in written] == [one.digest() for one in listed.extraction.definitions]
    assert found["tools"] == json.loads(out.read_bytes())["tools"]
    assert found["outcome"] == "complete"
    assert found["server"]["name"] == "mail"
    assert found["comparison"] is None


def test_a_comparison_with_the_source_shows_both_sides(tmp_path: Path, mail: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "pyproject.toml").write_text('[project]\nname = "mail"\nversion = "1.2"\n')
    changed = MAIL.replace("Sends a message to anyone.", "Sends a message.").replace("read_inbox", "list_inbox")
    (source / "server.py").write_text(changed)
    done = run(tmp_path, mail, "--yes", "--against", str(source))
    assert "0 alike, 1 different, 1 only live, 1 only in the source" in done.stdout
    assert "only live: read_inbox" in done.stdout
    assert "only in the source: list_inbox" in done.stdout
    assert "source: Sends a message.\n" in done.stdout
    assert "live:   Sends a message to anyone.\n" in done.stdout
    document = json.loads(run(tmp_path, mail, "--yes", "--json", "--against", str(source)).stdout)
    assert document["comparison"]["only_live"] == ["read_inbox"]
    assert document["comparison"]["differing"][0]["differences"][0]["live"] == "Sends a message to anyone."


def test_nothing_is_started_when_there_is_nothing_to_compare_with(tmp_path: Path, marked: str) -> None:
    assert isinstance(run(tmp_path, marked, "--yes", "--against", "nowhere.json").exception, CatalogError)
    assert run(tmp_path, marked, "--yes", "--out", "no/such/folder.json").exit_code == 2
    assert not (tmp_path / "mark").exists()


def test_long_texts_are_shown_where_they_part(tmp_path: Path) -> None:
    words = "word " * 100
    target = command_of(tmp_path, PLAIN + f'serve(lambda c: {{"tools": [tool("a", {words + "after"!r})]}})')
    (tmp_path / "old.json").write_text(json.dumps([{"name": "a", "description": words + "before"}]))
    shown = run(tmp_path, target, "--yes", "--against", f"tools:{tmp_path / 'old.json'}").stdout
    assert "word before\n" in shown
    assert "word after\n" in shown


def test_a_stranger_s_text_reaches_the_terminal_without_control_characters(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: {"tools": [tool("\\x1b[2Ja\\n[red]b", "\\x1b]0;x\\x07\\u202e")]})'
    target = command_of(tmp_path, script)
    (tmp_path / "old.json").write_text("[]")
    for arguments in ((), ("--against", f"tools:{tmp_path / 'old.json'}")):
        shown = run(tmp_path, target, "--yes", *arguments).stdout
        assert "[red]b" in shown
        assert all(character.isprintable() or character == "\n" for character in shown)


def test_only_named_variables_reach_a_server_and_their_values_are_concealed(tmp_path: Path) -> None:
    script = "import os, sys; sys.exit(os.environ['MINE'] + ' ' + os.environ.get('OTHER', 'unseen'))"
    target = command_of(tmp_path, script)
    done = run(tmp_path, target, "--yes", "--allow-env", "MINE", MINE="my-value", OTHER="other-value")
    assert isinstance(done.exception, FetchError)
    assert "the server said: [concealed] unseen" in done.stderr
    assert "my-value" not in done.output


def test_a_failure_is_one_line_after_what_the_server_said(tmp_path: Path) -> None:
    done = run_program(tmp_path, command_of(tmp_path, "import sys; sys.exit('no licence')"), "--yes")
    assert done.returncode == 1
    said, failed = done.stderr.splitlines()[-2:]
    assert said == "  the server said: no licence"
    assert failed.startswith("toolrisk: stdio:")
    assert failed.endswith("it ended with exit code 1 before it listed its tools")


def test_a_header_s_value_comes_from_a_variable_and_is_shown_nowhere(tmp_path: Path) -> None:
    with serve_answer(401, {}) as web:
        done = run(tmp_path, web.address, "--json", "--header", "Authorization=KEY", KEY="Bearer abcd1234")
        assert web.asked[0]["authorization"] == "Bearer abcd1234"
    assert "HTTP 401" in str(done.exception)
    assert json.loads(done.stdout)["outcome"] == "failed"
    assert "abcd1234" not in f"{done.output} {done.exception}"


@pytest.mark.parametrize(
    ("target", "options"),
    [
        ("stdio:true", ["--header", "A=KEY"]),
        ("stdio:true", ["--allow-private"]),
        ("stdio:true", ["--allow-env", "NOT_SET_ANYWHERE"]),
        ("https://127.0.0.1/", ["--allow-env", "KEY"]),
        ("https://127.0.0.1/", ["--header", "Bearer abcd1234"]),
        ("https://127.0.0.1/", ["--header", "A=abcd1234"]),
        ("https://127.0.0.1/", ["--header", "A B=KEY"]),
        ("https://127.0.0.1/", ["--header", "A=BROKEN"]),
    ],
)
def test_what_does_not_fit_is_refused_in_a_line(tmp_path: Path, target: str, options: list[str]) -> None:
    done = run(tmp_path, target, "--yes", *options, KEY="abcd1234", BROKEN="abcd1234\nX: y")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "abcd1234" not in done.output


def test_a_file_that_the_server_will_not_find_is_named_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here.py").write_text("")
    monkeypatch.chdir(tmp_path)
    assert "name it from the root: here.py" in run(tmp_path, f"stdio:{sys.executable} here.py").stderr


def test_what_cannot_be_seen_of_a_command_is_spelled_out(tmp_path: Path) -> None:
    assert "command: sh -c 'a\\x1b[2J\\u202eb'" in run(tmp_path, "stdio:sh -c 'a\x1b[2J\u202eb'").stderr


def test_without_the_sdk_a_line_says_how_to_get_it(tmp_path: Path, marked: str) -> None:
    done = run_program(tmp_path, marked, "--yes", before=WITHOUT_SDK)
    assert done.returncode == 1
    assert done.stderr == "toolrisk: live: needs the MCP SDK; install it by: pip install 'toolrisk[live]'\n"
    assert not (tmp_path / "mark").exists()
