"""How servers, files and findings are called where people read of them.

Not for programs: JSON and SARIF have everything in fields of its own.
"""

from pathlib import Path

from toolrisk.scan.finding import Finding, Where
from toolrisk.scan.report import ReadServer


def count(number: int, what: str) -> str:
    """Count things in words."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def show_file(where: Where, folder: Path, home: Path) -> str:
    """Name an entry's file: from the current folder, from home, or in full; with its line where one is known."""
    path = Path(where.file).absolute()
    if path != folder and path.is_relative_to(folder):
        shown = path.relative_to(folder).as_posix()
    elif path.is_relative_to(home):
        shown = f"~/{path.relative_to(home).as_posix()}"
    else:
        shown = path.as_posix()
    return f"{shown}:{where.line}" if where.line else shown


def known_as(read: ReadServer) -> str:
    """Say what the verdicts are about."""
    named = read.target or f"{read.name}, from its folder"
    version = f" {read.version}" if read.version and read.version not in named else ""
    return f"{named}{version}"


def about(one: Finding) -> str:
    """Name what a finding is about."""
    return f"{one.tool} of {one.server}" if one.tool else one.server
