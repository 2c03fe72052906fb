"""Hostile and broken files: each becomes problems with a place, none an exception, and no secret in any of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.client import Language, Place
from clients.configuration import Configuration, Launch, read_configuration
from tests.effort import ends_within

JSON = Place("project", ".mcp.json")
TOML = Place("codex", "config.toml", (("mcp_servers",),), Language.TOML)
YAML = Place("config", "config.yaml", (("extensions",),), Language.YAML)


def read(folder: Path, data: bytes | str, place: Place = JSON) -> Configuration:
    path = folder / "file"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_configuration(path, "some", place)


@pytest.mark.parametrize(
    ("data", "place", "line", "expected"),
    [
        ('{"mcpServers": {\n  "a": {"command" "npx"}\n}}', JSON, 2, "not JSON"),
        ('{"mcpServers": {"a": {"command": "npx"}}', JSON, 1, "expected }"),
        ('{"a": 1} {"b": 2}', JSON, 1, "not JSON"),
        ("[1, 2] // and more\n, 3", JSON, 1, "one JSON object"),
        ("hello", JSON, 1, "one JSON object"),
        ('{"mcpServers": "PLANTED', JSON, None, "JSON"),
        ("{'mcpServers': {'a': {'command': 1}}}", JSON, 1, "the command to be text"),
        ('{"mcpServers": {"a": "PLANTED"}}', JSON, 1, "an object"),
        ('{"mcpServers": {"a": {"command": "npx", "args": {"b": 1}}}}', JSON, 1, "a list of text"),
        ('{"mcpServers": {"a": {"command": "npx", "args": [["PLANTED"], null]}}}', JSON, 1, "text only"),
        ('{"mcpServers": {"a": {"url": ["PLANTED"]}}}', JSON, 1, "the address"),
        ('{"mcpServers": {"a": {"url": "x"}, "a": {"url": "y"}}}', JSON, 1, "one server of the name a"),
        ("[mcp_servers.a]\ncommand = PLANTED", TOML, 2, "not TOML"),
        ("mcp_servers = 3\n[mcp_servers.a]\n", TOML, 2, "not TOML"),
        ("extensions:\n  a: [PLANTED\n", YAML, 3, "not one document of YAML"),
        ("extensions: *PLANTED\n", YAML, 1, "not one document of YAML"),
        (b"\xff\xfe{\0}\0", JSON, None, "UTF-8"),
        (b'{"mcpServers"\0}', JSON, None, "UTF-8"),
        (b"a = '\xff'", TOML, None, "UTF-8"),
        (b"a: \xff", YAML, None, "UTF-8"),
        (b" " * (4 * 1024 * 1024 + 1), JSON, None, "at most 4 MB"),
    ],
)
def test_a_broken_file_says_where_and_what_was_expected(
    tmp_path: Path, data: bytes | str, place: Place, line: int | None, expected: str
) -> None:
    found = read(tmp_path, data, place)
    assert [expected in problem.expected for problem in found.problems] == [True]
    if line is not None:
        assert found.problems[0].line == line
    assert "PLANTED" not in repr(found)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"[" * 2_000_000, JSON),
        (b'{"a":' * 400_000 + b"1" + b"}" * 400_000, JSON),
        (b"a = " + b"[" * 100_000, TOML),
        (b"a = " + b"{b = " * 100_000, TOML),
        (b"[" * 100_000, YAML),
        (b"- " * 5000 + b"a", YAML),
    ],
)
def test_deep_nesting_is_a_problem_found_in_no_time(tmp_path: Path, data: bytes, place: Place) -> None:
    with ends_within(5):
        found = read(tmp_path, data, place)
    assert len(found.problems) == 1


def test_aliases_that_multiply_end_at_a_budget(tmp_path: Path) -> None:
    lines = ["a0: &a0 {command: x}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    found = read(tmp_path, "\n".join([*lines, "extensions: {big: {args: *a11}}", ""]), YAML)
    assert found.problems[0].expected == "expected fewer values in one server"
    looped = read(tmp_path, "extensions: {a: &a {args: [*a]}}\n", YAML)
    assert looped.problems


def test_a_folder_a_pipe_a_loop_and_an_absent_file_are_problems(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "loop", "pipe", "absent", "nul\0"):
        found = read_configuration(tmp_path / name, "some", JSON)
        assert found.servers == ()
        assert len(found.problems) == 1


def test_comments_trailing_commas_and_a_mark_at_the_beginning_are_no_problem(tmp_path: Path) -> None:
    text = '\ufeff// first\n{ /* a */ "mcpServers": { //\n "a\\u00e9": {"command": "npx", "args": ["x",],},},}\n// end'
    found = read(tmp_path, text)
    assert found.problems == ()
    assert [(server.name, server.line, server.launch) for server in found.servers] == [("aé", 3, Launch("npx", ("x",)))]


def test_an_empty_file_and_one_without_servers_hold_none(tmp_path: Path) -> None:
    for place in (JSON, TOML, YAML):
        assert read(tmp_path, "", place) == Configuration()
    assert read(tmp_path, '{"theme": "dark", "mcpServers": null}') == Configuration()
    assert read(tmp_path, "{}", YAML) == Configuration()


def test_values_of_every_kind_are_read_and_what_is_no_value_is_nothing(tmp_path: Path) -> None:
    text = "{mcpServers: {a: {command: 'it\\'s', args: [1, -2, 1.5, 0x10, true, null, call(), /* no */ 'b']}}}"
    found = read(tmp_path, text)
    [server] = found.servers
    assert server.launch == Launch("it's", ("1", "-2", "1.5", "16", "True", "b"))
    assert len(found.problems) == 1


def test_more_values_than_a_server_can_need_are_a_problem(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps({"mcpServers": {"a": {"command": "x", "args": ["y"] * 60_000}}}))
    assert [server.name for server in found.servers] == ["a"]
    assert "fewer values" in found.problems[0].expected


def test_too_many_words_are_cut_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps({"mcpServers": {"a": {"command": "x", "args": ["y"] * 2000}}}))
    assert len(found.servers[0].launch.arguments) == 1000
    assert "at most 1000 words" in found.problems[0].expected


def test_too_many_servers_are_cut_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps({"mcpServers": {f"s{n}": {"command": "x"} for n in range(1500)}}))
    assert len(found.servers) == 1000
    assert "at most 1000 servers" in found.problems[0].expected


def test_other_spellings_of_a_launch_are_read(tmp_path: Path) -> None:
    entries = {
        "list": {"command": ["npx", "a", "b"]},
        "object": {"command": {"path": "npx", "args": ["a"], "env": {"X": "PLANTED"}}},
        "text": {"command": "npx", "args": "a"},
        "numbers": {"cmd": "npx", "args": ["a", 1]},
        "names": {"command": "npx", "env": ["A=PLANTED", "B"], "env_vars": ["C"], "cwd": "/srv"},
    }
    found = {one.name: one.launch for one in read(tmp_path, json.dumps({"mcpServers": entries})).servers}
    assert found == {
        "list": Launch("npx", ("a", "b")),
        "object": Launch("npx", ("a",), variables=("X",)),
        "text": Launch("npx", ("a",)),
        "numbers": Launch("npx", ("a", "1")),
        "names": Launch("npx", (), variables=("A", "B", "C"), folder="/srv"),
    }


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["command", "args", "env", "url", "headers", "cwd", "disabled"]) | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


@QUICK
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4) | VALUES)
def test_wrong_types_anywhere_are_problems_and_every_server_is_kept(tmp_path: Path, servers: Any) -> None:
    for place, data in ((JSON, {"mcpServers": servers}), (YAML, {"extensions": servers})):
        found = read(tmp_path, json.dumps(data), place)
        named = len(servers) if isinstance(servers, dict) else 0
        assert len(found.servers) == named or found.problems


@QUICK
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_read_without_an_exception(tmp_path: Path, data: bytes | str) -> None:
    for place in (JSON, TOML, YAML):
        read(tmp_path, data if isinstance(data, bytes) else data.encode("utf-8", "replace"), place)
