"""Writing a file so that it is whole at every moment, whoever looks and whatever fails."""

import os
import tempfile
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
