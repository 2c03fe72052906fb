"""The commands about verdicts, as a user types them: on a catalog made from tools/list answers."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.toolrisk.test_end_to_end import run

MAIL = [
    {"name": "read_inbox", "description": "Reads the messages of the user's inbox.", "inputSchema": {}},
    {
        "name": "send_mail",
        "description": "Sends an e-mail to anyone.",
        "inputSchema": {"properties": {"to": {"type": "string"}}},
        "annotations": {"readOnlyHint": True},
    },
    {"name": "delete_mailbox", "description": "Deletes a mailbox for good.", "inputSchema": {}},
]
WEB = [
    {"name": "fetch_page", "description": "Fetches a web page.", "inputSchema": {"properties": {"url": {}}}},
    {"name": "send_mail", "description": "Sends a page by mail.", "inputSchema": {}},
]


@pytest.fixture(scope="module")
def classified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two answers and the catalog of what they say, made once."""
    folder = tmp_path_factory.mktemp("classified")
    for name, tools in (("mail", MAIL), ("web", WEB)):
        (folder / f"{name}.json").write_text(json.dumps({"tools": tools}))
    assert run(folder, "crawl", "tools:mail.json", "tools:web.json").returncode == 0
    assert run(folder, "classify").returncode == 0
    return folder


@pytest.fixture
def folder(classified: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(classified, tmp_path, dirs_exist_ok=True))


def in_json(folder: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, *arguments, "--json").stdout)
    return found


def server_names(folder: Path) -> list[str]:
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(folder / "catalog.db") as connection:
        return sorted(name for (name,) in connection.execute("select slug from server"))


def test_annotate_suggests_all_hints_and_marks_the_contradiction(folder: Path) -> None:
    tools = {tool["name"]: tool for tool in in_json(folder, "annotate", "mail.json")["tools"]}
    assert tools["send_mail"]["contradicts"] == ["readOnlyHint"]
    assert tools["send_mail"]["annotations"]["readOnlyHint"] is False
    assert tools["delete_mailbox"]["annotations"]["destructiveHint"] is True
    assert tools["read_inbox"]["annotations"]["readOnlyHint"] is True
    shown = run(folder, "annotate", "mail.json").stdout
    assert "!" in shown
    assert "1 of 3 tools" in shown


def test_explain_lays_a_verdict_open(folder: Path) -> None:
    server = next(name for name in server_names(folder) if "mail" in name)
    found = in_json(folder, "explain", server, "delete_mailbox")
    assert found["assessment"]["category"] == "Destructive"
    assert any(answer["rule"] == "deletes-data" for answer in found["rules"])
    assert found["pulls"]
    assert "deletes-data" in run(folder, "explain", server, "delete_mailbox").stdout


def test_explain_of_an_unknown_tool_names_the_nearest(folder: Path) -> None:
    answer = run(folder, "explain", "mail.json", "send_mial")
    assert answer.returncode == 3
    assert answer.stderr.count("\n") == 1
    assert "send_mail" in answer.stderr


def test_override_wins_after_classify_and_can_be_taken_back(folder: Path) -> None:
    server = next(name for name in server_names(folder) if "mail" in name)
    arguments = ("--category", "write", "--reason", "Mailboxes are kept a year", "--reviewer", "R. Viewer")
    assert run(folder, "override", server, "delete_mailbox", *arguments).returncode == 0
    assert run(folder, "classify").returncode == 0
    found = in_json(folder, "explain", server, "delete_mailbox")["assessment"]
    assert found["category"] == "Write"
    assert found["override"]["reviewer"] == "R. Viewer"
    policy = json.loads(run(folder, "policy", server).stdout)
    assert "delete_mailbox" not in policy.get("hide", [])
    assert run(folder, "override", server, "delete_mailbox", "--remove").returncode == 0
    run(folder, "classify")
    assert in_json(folder, "explain", server, "delete_mailbox")["assessment"]["category"] == "Destructive"
    assert "delete_mailbox" in json.loads(run(folder, "policy", server).stdout)["hide"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("absent", "send_mail", "--category", "Read", "--reason", "x", "--reviewer", "y"), 3),
        (("SERVER", "absent", "--category", "Read", "--reason", "x", "--reviewer", "y"), 3),
        (("SERVER", "send_mail", "--category", "Look", "--reason", "x", "--reviewer", "y"), 2),
        (("SERVER", "send_mail", "--category", "Read", "--reviewer", "y"), 2),
        (("SERVER", "send_mail", "--remove"), 3),
    ],
)
def test_override_that_cannot_be_is_refused_in_one_line(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    server = next(name for name in server_names(folder) if "mail" in name)
    answer = run(folder, "override", *(server if part == "SERVER" else part for part in arguments))
    assert answer.returncode == code
    assert answer.stderr.count("\n") == 1
    assert not (folder / "overrides.jsonl").exists()


def test_damaged_corrections_stop_classify_in_one_line(folder: Path) -> None:
    (folder / "overrides.jsonl").write_text("{\n")
    answer = run(folder, "classify")
    assert answer.returncode == 1
    assert "overrides.jsonl, line 1" in answer.stderr


def test_combinations_name_the_legs_the_cut_and_the_shadow(folder: Path) -> None:
    found = in_json(folder, "combinations", "mail.json", "web.json")
    trifecta = next(one for one in found["combinations"] if one["id"] == "lethal-trifecta")
    assert [leg["name"] for leg in trifecta["legs"]] == ["private data", "text that strangers write", "a way out"]
    assert trifecta["advice"]
    assert [shadow["kind"] for shadow in found["shadows"]] == ["same name"]
    assert "way out" in run(folder, "combinations", "mail.json", "web.json").stdout


def test_evaluate_judges_labels_of_ones_own(tmp_path: Path) -> None:
    dump = {"registry": "npm", "package": "mail", "version": "1", "tools": MAIL}
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "mail.json").write_text(json.dumps(dump))
    head = (
        "registry,package,version,tool,category,second_choice,confidence,second_annotator,reversibility,egress,"
        "untrusted_input,sensitive_data,privilege,money,code_execution,blast_radius\n"
    )
    rest = ",,3,,unknown,none,none,none,none,none,none,item\n"
    labels = tmp_path / "labels.csv"
    labels.write_text(
        head + f"npm,mail,1,read_inbox,Read{rest}npm,mail,1,send_mail,Write{rest}npm,mail,1,delete_mailbox,Read{rest}"
    )
    found = in_json(tmp_path, "evaluate", "dumps", "--labels", "labels.csv")
    assert [miss["tool"] for miss in found["misses"]] == ["delete_mailbox"]
    assert found["ways"]["both"]["accuracy"] == pytest.approx(0.6667)
    shown = run(tmp_path, "evaluate", "dumps", "--labels", "labels.csv", "--misses").stdout
    assert "npm/mail delete_mailbox: Read, judged Destructive" in shown
    labels.write_text(head)
    answer = run(tmp_path, "evaluate", "dumps", "--labels", "labels.csv")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
