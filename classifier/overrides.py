"""Reviewed corrections: a file of verdicts that people gave, which always win and are shown as such.

Not labels: an override corrects one tool of one server and teaches the model nothing.
"""

from collections.abc import Iterable
from pathlib import Path

import orjson

from catalog.records import Override
from catalog.vocabulary import Category
from classifier.errors import OverrideError

Overrides = dict[tuple[str, str], Override]  # by server (its slug) and tool


def read_overrides(path: Path) -> Overrides:
    """Read the corrections; a missing file holds none. Raises OverrideError when a line is not a correction."""
    if not path.is_file():
        return {}
    found: Overrides = {}
    for line, text in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = orjson.loads(text)
            server, tool = str(row["id"]).split("/", 1)
            one = Override(
                server, tool, Category(row["verdict"]), str(row["reason"]), str(row["reviewer"]), str(row["digest"])
            )
        except (KeyError, ValueError, TypeError) as error:
            raise OverrideError(f"{path}, line {line}: {error} is missing or not in the vocabulary") from error
        found[server, tool] = one
    return found


def render_overrides(overrides: Iterable[Override]) -> str:
    """Write the corrections as the file's text, one a line, in the order of their ids."""
    rows = [
        orjson.dumps(
            {
                "id": f"{one.server}/{one.tool}",
                "verdict": one.category,
                "reason": one.reason,
                "reviewer": one.reviewer,
                "digest": one.digest,
            }
        )
        for one in sorted(overrides, key=lambda one: (one.server, one.tool))
    ]
    return b"".join(row + b"\n" for row in rows).decode()
