"""Options and exit codes that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

FAILED, WRONG_USE, NOTHING_FOUND = 1, 2, 3

SiteFolder = Annotated[Path, typer.Option("--out", help="The folder the site is built into.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, as docs/cli.md describes it.")]
SubjectName = Annotated[
    str,
    typer.Argument(help="A server in the catalog, a target, or a tools/list file.", metavar="SERVER|TARGET|FILE"),
]
