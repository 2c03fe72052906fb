"""Reviewed corrections: read back as written, refused by line, and always winning."""

from pathlib import Path

import pytest

from catalog.records import Override, ServerContext, ToolDefinition
from catalog.vocabulary import Category, Risk
from classifier.assess import assess_tools
from classifier.errors import OverrideError
from classifier.overrides import read_overrides, render_overrides

TOOL = ToolDefinition("close_task", description="Deletes a task.")
MINE = Override("tasks", "close_task", Category.WRITE, "It can be reopened.", "A. Reviewer", TOOL.digest())


def test_corrections_read_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "overrides.jsonl"
    other = Override("mail", "send", Category.READ, "x", "y", "z")
    path.write_text(render_overrides([MINE, other]), encoding="utf-8")
    assert read_overrides(path) == {("tasks", "close_task"): MINE, ("mail", "send"): other}
    assert path.read_text().index("mail") < path.read_text().index("tasks")


def test_no_file_holds_no_corrections(tmp_path: Path) -> None:
    assert read_overrides(tmp_path / "absent.jsonl") == {}


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "{}", '{"id": "a", "verdict": "Read"}', '{"id":"a/b","verdict":"Look","reason":"","reviewer":""}'],
)
def test_line_that_is_no_correction_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "overrides.jsonl"
    path.write_text(render_overrides([MINE]) + line + "\n", encoding="utf-8")
    with pytest.raises(OverrideError, match="line 2"):
        read_overrides(path)


def test_correction_wins_and_is_shown_as_such() -> None:
    alone, reviewed = (assess_tools([(TOOL, ServerContext("tasks"))], overrides)[0] for overrides in ({}, {0: MINE}))
    assert alone.category is Category.DESTRUCTIVE
    assert reviewed.category is Category.WRITE
    assert reviewed.risk is Risk.MEDIUM
    assert reviewed.override == MINE
    assert reviewed.confidence == 1.0
    assert reviewed.probabilities == alone.probabilities
    assert "A. Reviewer" in reviewed.rationale
    assert "It can be reopened" in reviewed.rationale
    assert not reviewed.needs_review


def test_correction_of_a_definition_that_changed_wants_another_look() -> None:
    changed = ToolDefinition("close_task", description="Closes a task and deletes it.")
    assert assess_tools([(changed, ServerContext("tasks"))], {0: MINE})[0].needs_review
