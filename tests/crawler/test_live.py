"""Servers started and asked while they run: real processes, well-behaved and not."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from catalog.vocabulary import Outcome
from crawler.live.records import LiveSetting
from tests.crawler.live_asking import ENVIRONMENT, ask, failure, names, setting
from tests.crawler.live_servers import HEARTBEAT, MAIL, PLAIN, command_of


def test_a_server_of_the_sdk_is_listed_with_all_it_declares(tmp_path: Path) -> None:
    listing = ask(command_of(tmp_path, MAIL))
    read_inbox, send_mail = listing.extraction.definitions
    assert (listing.name, listing.version, listing.extraction.outcome) == ("mail", "1.2", Outcome.COMPLETE)
    assert read_inbox.annotations == {"readOnlyHint": True}
    assert send_mail.description == "Sends a message to anyone."
    assert sorted((send_mail.input_schema or {})["properties"]) == ["body", "to"]
    assert send_mail.origin is not None
    assert send_mail.origin.pattern == "live"


def test_pages_are_followed_to_the_last(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: {"tools": [tool("b")]} if c else {"tools": [tool("a")], "nextCursor": "2"})'
    listing = ask(command_of(tmp_path, script))
    assert names(listing) == ["a", "b"]
    assert listing.extraction.outcome is Outcome.COMPLETE


def test_one_odd_tool_does_not_hide_the_others(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: {"tools": [tool("a"), 7, {"name": 3}, {**tool("b"), "inputSchema": "none"}]})'
    found = ask(command_of(tmp_path, script)).extraction
    assert [definition.name for definition in found.definitions] == ["a", "b"]
    assert len(found.issues) == 2
    assert found.outcome is Outcome.PARTIAL


def test_a_strict_older_server_is_greeted_as_it_expects(tmp_path: Path) -> None:
    script = (
        PLAIN.replace('        if one["method"] == "initialize":', STRICT) + 'serve(lambda c: {"tools": [tool("a")]})'
    )
    assert names(ask(command_of(tmp_path, script))) == ["a"]


STRICT = """        if one["method"] not in ("initialize", "notifications/initialized", "tools/list"):
            sys.exit(4)
        if one["method"] == "initialize":"""


def test_lines_that_are_no_messages_are_passed_over(tmp_path: Path) -> None:
    script = PLAIN + 'print("Welcome!\\n{\\n\\x00[[[[", flush=True)\nserve(lambda c: {"tools": [tool("a")]})'
    assert names(ask(command_of(tmp_path, script))) == ["a"]


def test_nothing_but_garbage_is_a_failure_that_says_so(tmp_path: Path) -> None:
    error = failure(command_of(tmp_path, 'print("no\\nprotocol")'))
    assert "exit code 0" in error.reason
    assert "no messages: 2" in error.reason


def test_a_server_that_never_answers_is_ended_in_time(tmp_path: Path) -> None:
    began = time.monotonic()
    error = failure(command_of(tmp_path, "import time; time.sleep(60)"), setting(seconds=0.5))
    assert "no answer within 0.5 s" in error.reason
    assert time.monotonic() - began < 20  # a third of what it sleeps


def test_a_server_that_ignores_being_asked_to_leave_is_killed(tmp_path: Path) -> None:
    script = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(30)"
    began = time.monotonic()
    failure(command_of(tmp_path, script), setting(seconds=0.5))
    assert time.monotonic() - began < 20  # it sleeps longer than that


def test_a_server_may_tidy_up_before_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path(sys.argv[1]).touch(), sys.exit()))\ntime.sleep(30)"
    )
    failure(command_of(tmp_path, script, str(tmp_path / "tidied")), setting(seconds=2))
    assert (tmp_path / "tidied").exists()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_flood_without_a_line_break_is_cut_off(tmp_path: Path, stream: str) -> None:
    script = f"import sys\nwhile True: sys.{stream}.buffer.write(b'x' * 65536)"
    assert "more than 1,048,576 bytes" in failure(command_of(tmp_path, script), setting(max_bytes=2**20)).reason


def test_many_small_values_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: {"tools": [0] * 2_000_000})'
    assert "more than 500,000 values" in failure(command_of(tmp_path, script)).reason


def test_a_list_without_an_end_is_cut_off_and_partial(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: {"tools": [tool(f"t{c}")], "nextCursor": str(int(c or 0) + 1)})'
    found = ask(command_of(tmp_path, script), setting(max_pages=20)).extraction
    assert len(found.definitions) == 20
    assert found.outcome is Outcome.PARTIAL
    assert "more than 20 pages" in found.reasons[0]


def test_a_list_that_goes_in_a_circle_ends(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: {"tools": [tool("a")], "nextCursor": "again"})'
    found = ask(command_of(tmp_path, script)).extraction
    assert "in a circle" in found.reasons[0]
    assert found.outcome is Outcome.PARTIAL


def test_no_more_tools_are_kept_than_allowed(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: {"tools": [tool(f"t{i}") for i in range(30)]})'
    found = ask(command_of(tmp_path, script), setting(max_tools=10)).extraction
    assert len(found.definitions) == 10
    assert "the first 10 kept" in found.reasons[0]


def test_a_list_that_breaks_off_keeps_what_came_and_says_so(tmp_path: Path) -> None:
    script = PLAIN + 'serve(lambda c: sys.exit(5) if c else {"tools": [tool("a")], "nextCursor": "2"})'
    listing = ask(command_of(tmp_path, script))
    assert names(listing) == ["a"]
    assert listing.extraction.outcome is Outcome.PARTIAL
    assert "broke off: it ended with exit code 5" in listing.extraction.reasons[0]


def test_tools_that_are_no_list_are_a_failure(tmp_path: Path) -> None:
    assert (
        "not what the protocol asks for"
        in failure(command_of(tmp_path, PLAIN + 'serve(lambda c: {"tools": "none"})')).reason
    )


def test_a_server_without_tools_lists_none(tmp_path: Path) -> None:
    script = PLAIN.replace('"tools/list"', '"nothing"') + "serve(None)"
    found = ask(command_of(tmp_path, script)).extraction
    assert found.outcome is Outcome.NO_TOOLS
    assert found.reasons == ("the server does not know tools/list",)


WITH_CHILD = """
subprocess.Popen([sys.executable, "-c", HEARTBEAT, sys.argv[1]])
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
"""


@pytest.mark.parametrize("ending", ['serve(lambda c: {"tools": [tool("a")]})', "sys.exit(1)"])
def test_a_child_that_outlives_the_server_is_killed(tmp_path: Path, ending: str) -> None:
    heartbeat = tmp_path / "heartbeat"
    script = f"{PLAIN}HEARTBEAT = {HEARTBEAT!r}\n{WITH_CHILD}{ending}"
    target = command_of(tmp_path, script, str(heartbeat))
    if "exit" in ending:
        assert "exit code 1" in failure(target).reason
    else:
        assert names(ask(target)) == ["a"]
    beats = heartbeat.stat().st_size
    time.sleep(0.2)
    assert beats > 0
    assert heartbeat.stat().st_size == beats


def test_a_server_sees_only_what_it_was_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "secret-value")
    script = PLAIN + (
        "seen = json.dumps([sorted(os.environ), os.listdir('.'), os.listdir(os.environ['HOME']), os.getcwd(),\n"
        "    os.environ['HOME']])\nserve(lambda c: {'tools': [tool('a', seen)]})"
    )
    allowed = LiveSetting(seconds=15, environment={**ENVIRONMENT, "MINE": "1"})
    seen = ask(command_of(tmp_path, script), allowed).extraction.definitions[0].description
    variables, here, at_home, folder, home = json.loads(seen or "")
    # LC_CTYPE is set by the interpreter for itself, where there is no locale.
    assert set(variables) - {"LC_CTYPE"} == {"HOME", "MINE", "PATH", "TMPDIR"}
    assert here == at_home == []
    assert home != os.environ.get("HOME")
    assert not Path(folder).exists()


def test_what_a_failing_server_complained_of_is_told_without_its_control_characters(tmp_path: Path) -> None:
    script = (
        "import sys\n[print(f'line {i}', file=sys.stderr) for i in range(40)]\n"
        "sys.exit('\\x1b[31mno\\x07 tok\\u202een-1234 \\x1b]0;title' + 'x' * 999)"
    )
    concealing = LiveSetting(seconds=15, environment=ENVIRONMENT, secrets=("token-1234",))
    error = failure(command_of(tmp_path, script), concealing)
    lines = error.__notes__
    assert "exit code 1" in error.reason
    assert len(lines) == 10
    assert lines[0] == "line 31"
    assert all(line.isprintable() and len(line) <= 310 for line in lines)
    assert lines[-1].startswith("no [concealed]")


def test_a_command_that_is_not_there_is_named() -> None:
    assert "no such command" in failure("stdio:no-such-command-anywhere x").reason


def test_a_server_ended_by_a_signal_says_so(tmp_path: Path) -> None:
    script = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert f"exit code -{int(signal.SIGKILL)}" in failure(command_of(tmp_path, script)).reason
