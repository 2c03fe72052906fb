"""What lies in a folder of this machine, in order and within bounds. Links are left alone."""

import os
from collections.abc import Iterator
from pathlib import Path

from crawler.errors import TargetError


def folder_at(where: str | None) -> Path:
    """Give the folder that somebody named. Raises TargetError when it is none."""
    folder = Path(where or "")
    if not where or not folder.is_dir():
        raise TargetError(str(where), "no such folder", cause="not found")
    return folder


def entries_of(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Give what lies in a folder by name, but not what is hidden. Raises TargetError when it may not be read."""
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".") and entry.name.isprintable()]
    except OSError as error:
        raise TargetError(str(folder), f"cannot be read: {error.strerror or error}") from error
    yield from sorted(found, key=lambda entry: entry.name)
