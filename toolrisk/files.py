"""Writing a file so that it is whole at every moment, whoever looks and whatever fails."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USUAL_MODE = 0o644


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by its new text in one step, its mode kept. Raises OSError, the old file whole."""
    try:
        mode = path.stat().st_mode & 0o7777
    except FileNotFoundError:
        mode = _USUAL_MODE
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            Path(file.name).unlink()
            raise
    Path(file.name).chmod(mode)
    Path(file.name).replace(path)


@contextmanager
def replace_when_done(path: Path) -> Iterator[Path]:
    """Give a path beside a file to write its new content to; it takes the file's place when that succeeded."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
