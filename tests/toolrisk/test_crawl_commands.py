"""What an operator types: sources, due places, reports, logs, exit codes, and what changed."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from toolrisk.cli import app, main

pytestmark = pytest.mark.usefixtures("folder")

NOTES = {"name": "notes_folder", "description": "List the notes in a folder.", "inputSchema": {"type": "object"}}
HARMFUL = {**NOTES, "description": "Permanently delete all notes in a folder and everything else in it."}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOOLRISK_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.setenv("TOOLRISK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "dumps").mkdir()
    dump(tmp_path, "keeper", [NOTES])
    dump(tmp_path, "other", [{"name": "look", "description": "Look."}])
    return tmp_path


def dump(folder: Path, name: str, tools: list[dict[str, Any]]) -> None:
    (folder / "dumps" / f"{name}.json").write_text(json.dumps({"tools": tools}))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_source_is_visited_and_what_it_lists_is_crawled(folder: Path) -> None:
    done = run("crawl", "--source", "dumps:dumps", "--report", "report.json", "--log", "log.jsonl")
    assert done.exit_code == 0
    assert "discover: 2 done" in done.stderr
    assert "crawl: 2 done" in done.stderr
    report = json.loads((folder / "report.json").read_text())
    assert [stage["stage"] for stage in report["stages"]] == ["discover", "crawl"]
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    looks = [event for event in events if event["event"] == "look"]
    assert {look["outcome"] for look in looks} == {"complete"}
    assert {Path(look["target"]).name for look in looks} == {"keeper.json", "other.json"}
    assert all(event["at"] for event in events)


def test_nothing_is_looked_at_before_it_is_due() -> None:
    run("crawl", "--source", "dumps:dumps")
    assert "crawl: 0 done, 0 unchanged" in run("crawl", "--due").stderr
    assert "crawl: 0 done, 1 unchanged" in run("crawl", "tools:dumps/keeper.json").stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [([], 1), (["--fail-on", "any"], 1), (["--fail-on", "sources"], 0), (["--fail-on", "never"], 0),
     (["--fail-on", "60%"], 0), (["--fail-on", "20%"], 1)],
)  # fmt: skip
def test_exit_code_is_what_was_asked_for(options: list[str], code: int) -> None:
    targets = ["tools:dumps/keeper.json", "tools:absent.json"]
    assert run("crawl", *targets, *options).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crawl", "--source", "nosuch"], "no such source; there are awesome, checkouts"),
        (["crawl", "--source", "dumps"], "needs to know where"),
        (["crawl", "--source", "glama"], "needs a key of yours; set GLAMA_API_KEY"),
        (["crawl", "--source", "dumps:absent"], "dumps:absent"),
        (["crawl", "npm:x", "--due"], "not both"),
        (["crawl", "--fail-on", "most"], "expected any, sources, never, or a share"),
        (["changes", "--since", "yesterday"], "expected a day such as"),
    ],
)
def test_wrong_use_is_told_in_words(arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLAMA_API_KEY", raising=False)
    done = run(*arguments)
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_rug_pull_is_told_in_one_readable_line(folder: Path) -> None:
    run("crawl", "--source", "dumps:dumps")
    run("classify")
    assert run("changes").exit_code == 3
    dump(folder, "keeper", [HARMFUL])
    run("crawl", "tools:dumps/keeper.json")
    run("classify")
    told = run("changes")
    assert told.exit_code == 0
    (line,) = told.stdout.splitlines()
    assert line.startswith("! ")
    assert "keeper.json: notes_folder: category rose from Read to Destructive; risk rose from Low to Critical" in line
    assert json.loads(run("changes", "--json").stdout)["changes"][0]["notable"] is True
    assert run("changes", "--server", "other.json").exit_code == 3
    assert run("changes", "--server", "keeper.json", "--since", "1h").exit_code == 0
    assert run("changes", "--since", "2999-01-01").exit_code == 3


def test_status_tells_of_sources_and_queue() -> None:
    run("crawl", "--source", "dumps:dumps")
    run("crawl", "tools:absent.json")
    said = run("status").stdout
    assert "dumps:dumps" in said
    assert "failed: 1 not found" in said
    held = json.loads(run("status", "--json").stdout)
    assert (held["listed"], held["servers"]) == (3, 2)
    assert held["causes"] == {"not found": 1}
    assert held["queue"]["failing"] == 1
    assert next(one for one in held["sources"] if one["name"] == "dumps:dumps")["looked_at"] == 2


def test_sources_are_listed_with_their_terms() -> None:
    said = run("sources").stdout
    assert "registry[:WHERE]" in said
    assert "dumps:WHERE" in said
    assert "GITHUB_TOKEN (optional)" in said


def test_setting_that_is_no_number_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOOLRISK_RATE", "fast")
    monkeypatch.setattr("sys.argv", ["toolrisk", "crawl", "tools:dumps/keeper.json"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "toolrisk: TOOLRISK_RATE=fast: expected a number above 0\n"
