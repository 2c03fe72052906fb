"""Searching the raw texts of a definition: for rules that need letters, not words."""

import re
from collections.abc import Iterator

from classifier.actions import Passage
from classifier.view import ToolView
from classifier.words import lowered

TEXT_LIMIT = 50_000  # characters of one text that are searched
FOUND_LIMIT = 5  # passages of one text


def search_texts(view: ToolView, pattern: re.Pattern[str], *, lower: bool = True) -> Iterator[Passage]:
    """Yield where a pattern occurs in any text that speaks to the model, `lower`-cased before."""
    for field, text in view.prose_texts():
        cut = text[:TEXT_LIMIT]
        found = pattern.finditer(lowered(cut) if lower else cut)
        yield from (Passage(field, *one.span()) for one, _ in zip(found, range(FOUND_LIMIT), strict=False))
