"""Packages whose program is compiled say so, and what carries it."""

import json

import pytest

from catalog.vocabulary import Outcome
from crawler.recovery.extract import extract_tools

STARTS = b"const { spawn } = require('child_process');\nspawn(path(), process.argv.slice(2));\n"
CHOOSES = b"const key = `${process.platform}-${process.arch}`;\n"


def reason_for(files: dict[str, bytes]) -> str:
    extraction = extract_tools(files)
    assert extraction.outcome == Outcome.NO_TOOLS
    return extraction.reasons[0]


def test_optional_packages_that_carry_the_program_are_named() -> None:
    optional = {"anvil-linux-x64": "1.0.0", "anvil-darwin-arm64": "1.0.0", "fsevents": "2.0.0"}
    files = {"package.json": json.dumps({"name": "anvil", "optionalDependencies": optional}).encode(), "i.js": STARTS}
    expected = (
        "the program is compiled and no source of it is here: i.js starts what anvil-darwin-arm64, anvil-linux-x64"
    )
    assert reason_for(files) == f"{expected} carry"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"bin/anvil": b"\x7fELF\x02\x01", "i.js": b""}, "bin/anvil"),
        ({"i.js": CHOOSES + STARTS}, "i.js starts one executable a platform"),
    ],
)
def test_executables_are_named(files: dict[str, bytes], named: str) -> None:
    assert reason_for(files).endswith(f"here: {named}")


@pytest.mark.parametrize(
    "files",
    [
        {"i.js": b"console.log(process.platform)"},
        {"i.js": STARTS},
        {f"part{n}.js": CHOOSES + STARTS for n in range(20)},
    ],
)
def test_program_in_source_is_not_called_compiled(files: dict[str, bytes]) -> None:
    assert reason_for(files).startswith("no tool is declared")
