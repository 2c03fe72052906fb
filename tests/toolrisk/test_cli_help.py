"""The help texts as people see them, and that every command is documented."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from toolrisk.cli import app, command_names

ROOT = Path(__file__).parents[2]
SNAPSHOTS = ROOT / "tests" / "snapshots" / "help"


@pytest.mark.parametrize("command", ["", *command_names()])
def test_help_is_as_it_was(command: str) -> None:
    runner = CliRunner(env={"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"})
    shown = runner.invoke(app, [*command.split(), "--help"], prog_name="toolrisk").stdout
    text = "\n".join(line.rstrip() for line in shown.splitlines()) + "\n"
    path = SNAPSHOTS / f"{command.replace(' ', '-') or 'toolrisk'}.txt"
    if "REWRITE_EXPECTED" in os.environ:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_command_is_documented() -> None:
    document = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert all(f"## toolrisk {command}" in document for command in command_names())
