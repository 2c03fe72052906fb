"""What a person accepted, by baseline or one by one: it no longer counts, until it changes or the day comes."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.clients.scan_catalog import Held, make_catalog
from tests.clients.scan_machine import Machine, machine, npx
from toolrisk.scan.finding import Finding, Level, Where
from toolrisk.scan.ignoring import Ignored, IgnoreError, ignore, read_ignored

__all__ = ["machine"]  # a fixture

FINDING = Finding("abc", "risk-high", Level.HIGH, "mail", "send", "says", (Where("f", 1, "cursor"),))


@pytest.fixture
def accepted(machine: Machine) -> Path:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    path = machine.work / "baseline.json"
    assert machine.scan("--write-baseline", str(path)).exit_code == 0
    return path


def test_what_the_baseline_holds_does_not_count(machine: Machine, accepted: Path) -> None:
    answer = machine.scan("--baseline", str(accepted), "--fail-on", "info,unknown")
    assert answer.exit_code == 0
    assert "in the baseline" in answer.stdout
    assert all(one["known"] for one in machine.report("--baseline", str(accepted))["findings"])


def test_a_new_server_counts_and_what_was_accepted_still_does_not(machine: Machine, accepted: Path) -> None:
    web = {"command": "uvx", "args": ["web-mcp==2.0.0"]}
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3"), "web": web})
    assert machine.scan("--baseline", str(accepted)).exit_code == 1
    new = [one for one in machine.report("--baseline", str(accepted))["findings"] if not one["known"]]
    assert new
    assert all("web" in one["server"] or one["rule"] == "shadow" for one in new)


def test_a_tool_whose_risk_rose_is_a_finding_of_its_own(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    for name, description in (("old", "Lists the messages."), ("new", "Permanently deletes all messages.")):
        held = Held("npm", "@acme/mail-mcp", "1.2.3", {"inbox": description, "read_mail": "Reads one message."})
        make_catalog(tmp_path / f"{name}.db", [held])
    monkeypatch.setenv("TOOLRISK_CATALOG", str(tmp_path / "old.db"))
    assert machine.scan("--write-baseline", "b.json").exit_code == 0
    assert machine.scan("--baseline", "b.json").exit_code == 0
    monkeypatch.setenv("TOOLRISK_CATALOG", str(tmp_path / "new.db"))
    found = [one for one in machine.report("--baseline", "b.json")["findings"] if not one["known"]]
    risen = {one["tool"]: one for one in found if one["rule"] == "risk-risen"}
    assert list(risen) == ["inbox"]
    assert risen["inbox"]["level"] == "critical"
    assert "is Critical now" in risen["inbox"]["says"]
    assert machine.scan("--baseline", "b.json").exit_code == 1


def test_a_baseline_is_the_same_whatever_the_paths(machine: Machine, accepted: Path) -> None:
    before = accepted.read_bytes()
    (machine.home / ".cursor" / "mcp.json").unlink()
    machine.configure(".codeium/windsurf/mcp_config.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    machine.scan("--write-baseline", str(accepted))
    assert accepted.read_bytes() == before
    assert str(machine.home) not in before.decode()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"baseline_version": 99}', "\x00", '{"findings": []}'])
def test_what_is_no_baseline_is_refused_in_one_line(machine: Machine, text: str) -> None:
    (machine.work / "b.json").write_text(text)
    answer = machine.scan("--baseline", "b.json")
    assert answer.exit_code == 2
    assert answer.stderr.count("\n") == 1


def test_a_baseline_with_wrong_types_holds_nothing(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    odd = {"baseline_version": 1, "findings": [1, {"id": 2}, {}], "risks": {"a": 1, "b": {"c": "Huge", "d": 4}}}
    (machine.work / "b.json").write_text(json.dumps(odd))
    assert machine.scan("--baseline", "b.json").exit_code == 1


def test_an_ignored_finding_does_not_count_and_is_still_told(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    entries = [f'[[ignore]]\nid = "{one["id"]}"\nreason = "We know"\n' for one in machine.report()["findings"]]
    (machine.work / ".toolrisk-ignore.toml").write_text("\n".join(entries))
    assert machine.scan().exit_code == 0
    assert {one["ignored"] for one in machine.report()["findings"]} == {"We know"}
    (machine.work / ".toolrisk-ignore.toml").rename(machine.work / "other.toml")
    assert machine.scan().exit_code == 1
    assert machine.scan("--ignore", "other.toml").exit_code == 0


def test_an_entry_ignores_until_the_end_of_its_day() -> None:
    entry = Ignored("abc", "for now", date(2027, 1, 31))
    on_the_day, notes = ignore([FINDING], [entry], date(2027, 1, 31))
    assert (on_the_day[0].ignored, notes) == ("for now", ())
    after, notes = ignore([FINDING], [entry], date(2027, 2, 1))
    assert after[0].ignored is None
    assert "no longer ignored" in notes[0]
    assert "2027-01-31" in notes[0]


def test_an_expired_entry_counts_again(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    entries = [
        f'[[ignore]]\nid = "{one["id"]}"\nreason = "We know"\nexpires = 2020-01-01\n'
        for one in machine.report()["findings"]
    ]
    (machine.work / ".toolrisk-ignore.toml").write_text("\n".join(entries))
    answer = machine.scan()
    assert answer.exit_code == 1
    assert "expired on 2020-01-01" in answer.stdout


def test_days_may_be_written_in_three_ways(tmp_path: Path) -> None:
    path = tmp_path / "i.toml"
    for written in ("2027-01-31", '"2027-01-31"', "2027-01-31T10:00:00Z"):
        path.write_text(f'[[ignore]]\nid = "a"\nreason = "b"\nexpires = {written}\n')
        assert read_ignored(path) == (Ignored("a", "b", date(2027, 1, 31)),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[ignore]]\nid = 3\n", "expected id"),
        ('[[ignore]]\nid = "a"\n', "expected reason"),
        ('[[ignore]]\nid = "a"\nreason = " "\n', "expected reason"),
        ('[[ignore]]\nid = "a"\nreason = "b"\nexpires = "soon"\n', "expected expires"),
        ('[[ignore]]\nid = "a"\nreason = "b"\nexpires = 3\n', "expected expires"),
        ('[[ignore]]\nid = "a"\nreason = "b"\nuntil = 3\n', "nothing else"),
        ("ignore = 3\n", "[[ignore]]"),
        ("[[ignored]]\n", "[[ignore]]"),
        ("ignore = [3]\n", "entry 1"),
        ("= 3", "not TOML"),
        ("a = " + "[" * 100_000, "not TOML"),
    ],
)
def test_a_broken_list_says_where_and_what_was_expected(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "i.toml"
    path.write_text(text)
    with pytest.raises(IgnoreError) as caught:
        read_ignored(path)
    assert expected in str(caught.value)
    assert "i.toml" in str(caught.value)
    assert "\n" not in str(caught.value)
