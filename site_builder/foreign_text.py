"""Text written by strangers, made fit to be shown: hidden characters visible, length limited.

Not for escaping: the templates' autoescape does that, always.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_SHOWN = frozenset("\n\t\u200c\u200d\u00ad")  # layout, and what is ordinary in Persian, in emoji, in hyphenated words
_MARKS_IN_A_ROW = 3  # what Vietnamese and Hebrew need; more only climbs over the lines around
# What most texts are made of: nothing in it is hidden or a combining mark, so nothing has to be looked at closely.
_PLAIN = re.compile(
    r"[\x20-\x7e\n\t\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20cf"
    r"\u2190-\u2bff\u3001-\u3029\u3030-\u3098\u309b-\u9fff\uac00-\ud7a3]*"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co"})
_MARKS = frozenset({"Mn", "Me"})


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
    if _is_simple(text) or _PLAIN.fullmatch(text):
        return text
    return _reveal_closely(text)


def show_line(text: str, limit: int) -> str:
    """Make `text` one line of at most `limit` characters, cut with an ellipsis."""
    if len(text) <= limit and _is_simple(text) and "  " not in text and text == text.strip():
        return text
    line = " ".join(reveal(text[: limit * 4]).split())
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


def _is_simple(text: str) -> bool:
    """Tell what most texts are, printable ASCII in one line, as fast as can be."""
    return text.isascii() and text.isprintable()


def _reveal_closely(text: str) -> str:
    shown = []
    marks = 0
    for character in text:
        is_mark, written = _look_at(character)
        marks = marks + 1 if is_mark else 0
        if marks <= _MARKS_IN_A_ROW:
            shown.append(written)
    return "".join(shown)


@lru_cache(maxsize=5_000)
def _look_at(character: str) -> tuple[bool, str]:
    """Say whether a character is a combining mark, and how it is shown."""
    kind = unicodedata.category(character)
    if kind == "Cs":
        return False, "\N{REPLACEMENT CHARACTER}"
    if kind in _HIDDEN and character not in _SHOWN:
        return False, f"⟨U+{ord(character):04X}⟩"
    return kind in _MARKS, character
