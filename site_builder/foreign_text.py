"""Text written by strangers, made fit to be shown: hidden characters visible, length limited.

Not for escaping: the templates' autoescape does that, always.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_JOINERS = frozenset("\u200c\u200d\u00ad")  # ordinary in Persian, in emoji, in hyphenated words
_LAYOUT = frozenset("\n\t")
_MARKS_IN_A_ROW = 3  # what Vietnamese and Hebrew need; more only climbs over the lines around
_PLAIN = re.compile(r"[\x20-\x7e\n\t]*")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of shown text; `marked` when a verdict rests on it."""

    text: str
    marked: bool


def show_text(text: str, limit: int) -> str:
    """Make at most `limit` characters of `text` showable; what was cut is said in the last words.

    Control, bidirectional and other invisible characters become ⟨U+XXXX⟩; piled-up combining marks are thinned.
    """
    cut = len(text) - limit
    shown = reveal(text[:limit])
    return shown if cut <= 0 else f"{shown.rstrip()} … ({cut:,} more characters)"


def reveal(text: str) -> str:
    """Make the hidden characters of `text` visible; plain text comes back as it is."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_revealed(text))


def show_line(text: str, limit: int) -> str:
    """Make `text` one line of at most `limit` characters, cut with an ellipsis."""
    line = _SPACE.sub(" ", reveal(text[: limit * 4])).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def first_sentence(text: str, limit: int) -> str:
    """Give the first sentence or paragraph of `text` as one line of at most `limit` characters."""
    head = text.lstrip()[: limit * 4]
    end = _SENTENCE_END.search(head)
    return show_line(head[: end.start() + 1] if end else head, limit)


def mark_passages(text: str, spans: Sequence[tuple[int, int]], limit: int) -> tuple[Passage, ...]:
    """Cut the first `limit` characters of `text` into passages, those in `spans` marked."""
    passages: list[Passage] = []
    end = min(len(text), limit)
    at = 0
    for start, stop in sorted(spans):
        first, last = max(start, at), min(stop, end)
        if first >= last:
            continue
        if first > at:
            passages.append(Passage(reveal(text[at:first]), marked=False))
        passages.append(Passage(reveal(text[first:last]), marked=True))
        at = last
    if at < end:
        passages.append(Passage(reveal(text[at:end]), marked=False))
    return tuple(passages)


def _revealed(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks > _MARKS_IN_A_ROW:
            continue
        if kind == "Cs":
            yield "\N{REPLACEMENT CHARACTER}"
        elif character not in _LAYOUT and character not in _JOINERS and kind in ("Cc", "Cf", "Zl", "Zp", "Co"):
            yield f"⟨U+{ord(character):04X}⟩"
        else:
            yield character
