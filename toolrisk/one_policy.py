"""The recommended policy for one server, wherever it is known from: the catalog, a target, or a dump."""

import os
import tempfile
from pathlib import Path

from policy.document import build_document, render_document
from policy.recommend import recommend
from toolrisk.settings import Settings
from toolrisk.subject import read_subject


def recommend_for(subject: str, settings: Settings) -> tuple[str, bool]:
    """Give the policy document as text, and whether any tool stands behind it.

    `subject` is looked for in the catalog first, then taken as a target, then as a `tools/list` file.
    Raises UnknownServerError naming the nearest servers, or CrawlError.
    """
    tools = read_subject(subject, settings).tools
    recommendations = [recommend(definition, assessment) for definition, assessment in tools]
    return render_document(build_document(recommendations)), bool(recommendations)


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by its new text in one step. Raises OSError, the old file whole."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            Path(file.name).unlink()
            raise
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
