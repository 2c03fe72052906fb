"""The benchmarks as a habit: all of them are run, and a ratio that fell is noticed. Not what they measure."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.documents import replace_between
from benchmarks.ratios import COMMITTED, Ratio, read_committed, read_told, tell_ratios, write_committed
from benchmarks.run_all import BEGIN, BENCHMARKS, END, Benchmark, Outcome, Told, compare, read_outcome, run

FOLDER = Path(__file__).parents[1] / "benchmarks"
SCRIPTS = sorted(
    path.name
    for path in FOLDER.glob("*.py")
    if path.name != "run_all.py" and 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")
)
ONE = Benchmark("one.py", "", [Told("one: speed", "times as fast"), Told("one: peer", "times as fast", needs="peer")])
SPEED = Ratio("speed", 10.0, "times as fast as a peer")
SHARE = Ratio("share", 0.10, "of a full build", higher_is_better=False)


def test_the_list_names_every_script() -> None:
    listed = subprocess.run(
        [sys.executable, str(FOLDER / "run_all.py"), "--list"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    assert [line.split()[0] for line in listed.splitlines()] == SCRIPTS
    assert len(SCRIPTS) >= 10


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_tells_its_ratios(name: str) -> None:
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert "tell_ratios" in called
    assert names & {"RatiosFile", "add_ratios_option"}


def test_names_are_told_once_and_by_their_benchmark() -> None:
    names = [(one.script.removesuffix(".py"), told.name) for one in BENCHMARKS for told in one.tells]
    assert all(name.startswith(f"{script}: ") for script, name in names)
    assert len({name for _, name in names}) == len(names)
    assert all(one.tells for one in BENCHMARKS)


def test_committed_ratios_are_those_that_are_told() -> None:
    told = {one.name: (one.unit, one.higher_is_better) for benchmark in BENCHMARKS for one in benchmark.tells}
    committed = read_committed()
    assert committed
    assert {name: (one.unit, one.higher_is_better) for name, one in committed.items()} == {
        name: told[name] for name in committed
    }
    assert [one["name"] for one in json.loads(COMMITTED.read_text(encoding="utf-8"))] == sorted(committed)


@pytest.mark.parametrize(
    ("committed", "value", "fell"),
    [
        (SPEED, 10.0, False),
        (SPEED, 100.0, False),
        (SPEED, 8.1, False),
        (SPEED, 7.9, True),
        (SHARE, 0.10, False),
        (SHARE, 0.01, False),
        (SHARE, 0.124, False),
        (SHARE, 0.126, True),
    ],
)
def test_a_ratio_fell_when_it_is_more_than_a_fifth_worse(committed: Ratio, value: float, fell: bool) -> None:  # noqa: FBT001
    now = replace(committed, value=value)
    assert now.fell(committed) is fell
    table, fine = compare([Outcome(ONE, [now])], {committed.name: committed})
    assert fine is not fell
    assert ("fell by more than 20%" in table) is fell


def test_a_new_ratio_and_one_that_was_not_measured_are_no_failure() -> None:
    table, fine = compare([Outcome(ONE, [SPEED]), Outcome(ONE, without="left out, there is no peer")], {"share": SHARE})
    assert fine
    assert "| speed | 10 |  | times as fast as a peer | higher | new |" in table
    assert "- `one.py`: left out, there is no peer." in table


def test_a_benchmark_that_does_not_tell_what_it_should_failed() -> None:
    assert read_outcome(ONE, {}, {}).failed
    assert read_outcome(ONE, {"one: speed": 2.0}, {"peer": "here"}).failed
    told = read_outcome(ONE, {"one: speed": 2.0}, {})
    assert not told.failed
    assert told.ratios == [Ratio("one: speed", 2.0, "times as fast")]
    assert compare([read_outcome(ONE, {}, {})], {})[1] is False


def test_what_is_not_here_is_left_out_and_what_ends_badly_failed(tmp_path: Path) -> None:
    absent = run(replace(ONE, needs=("peer",)), {}, tmp_path, None)
    assert (absent.without, absent.failed) == ("left out, there is no peer", False)
    broken = run(replace(ONE, script="archives.py", arguments="--no-such-option"), {}, tmp_path, None)
    assert (broken.without, broken.failed) == ("failed", True)


def test_told_and_committed_ratios_are_read_back(tmp_path: Path) -> None:
    tell_ratios(tmp_path / "told.json", {"speed": 2.5})
    assert read_told(tmp_path / "told.json") == {"speed": 2.5}
    kept = tmp_path / "ratios.json"
    assert read_committed(kept) == {}
    write_committed([SPEED, SHARE], kept)
    write_committed([replace(SPEED, value=12.3456)], kept)
    assert read_committed(kept) == {"share": SHARE, "speed": replace(SPEED, value=12.3)}


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_what_nothing_can_be_compared_with_is_no_ratio(value: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"speed: .* is not a ratio"):
        tell_ratios(tmp_path / "told.json", {"speed": value})
    assert not (tmp_path / "told.json").exists()


def in_document(mark: str) -> Callable[[str], str]:
    return lambda text: f"before\n{mark}\n{text}\nEND\nafter\n"


def test_a_table_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path, document = tmp_path / "document.md", in_document("BEGIN")
    path.write_text(document("old"))
    replace_between(path, "BEGIN", "END", "new")
    assert path.read_text() == document("new")
    with pytest.raises(ValueError, match="holds no place for this table"):
        replace_between(path, "MISSING", "END", "new")
    assert path.read_text() == document("new")


def test_the_document_has_a_place_for_every_table() -> None:
    text = (FOLDER.parent / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    for one in (benchmark for benchmark in BENCHMARKS if benchmark.writes):
        marks = re.findall(r'"(<!-- [^"]+ -->)"', (FOLDER / one.script).read_text(encoding="utf-8"))
        assert marks, one.script
        assert all(mark in text for mark in marks), one.script
