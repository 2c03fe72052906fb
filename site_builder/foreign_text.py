"""Text written by strangers, made fit to be shown: hidden characters visible, length limited.

Not for escaping: the templates' autoescape does that, always.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

_JOINERS = frozenset("\u200c\u200d\u00ad")  # ordinary in Persian, in emoji, in hyphenated words
_LAYOUT = frozenset("\n\t")
_MARKS_IN_A_ROW = 3  # what Vietnamese and Hebrew need; more only climbs over the lines around
# What most texts are made of: nothing in it is hidden or a combining mark, so nothing has to be looked at closely.
_PLAIN = re.compile(
    r"[\x20-\x7e\n\t\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20cf"
    r"\u2190-\u2bff\u3001-\u3029\u3030-\u3098\u309b-\u9fff\uac00-\ud7a3]*"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_ASSIGNED = 0x34000  # beyond it are only tags, variation selectors and private planes
_TAGS = (0xE0000, 0xE0200)
_PRIVATE = "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cs"})
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
    hidden, piled = _patterns()
    return piled.sub(r"\1", hidden.sub(_written_out, text))


@lru_cache(maxsize=10_000)
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


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Find the hidden characters, and the piles of marks, of this Python's Unicode; once, as there are many."""
    hidden, marks = [], []
    for number in chain(range(_ASSIGNED), range(*_TAGS)):
        character = chr(number)
        kind = unicodedata.category(character)
        if kind in ("Mn", "Me"):
            marks.append(number)
        elif kind in _HIDDEN and character not in _LAYOUT and character not in _JOINERS:
            hidden.append(number)
    return re.compile(f"[{_ranges(hidden)}{_PRIVATE}]"), re.compile(
        f"([{_ranges(marks)}]{{{_MARKS_IN_A_ROW}}})[{_ranges(marks)}]+"
    )


def _ranges(numbers: list[int]) -> str:
    """Write sorted code points as the ranges of a character class."""
    starts = [one for at, one in enumerate(numbers) if at == 0 or one != numbers[at - 1] + 1]
    ends = [one for at, one in enumerate(numbers) if at == len(numbers) - 1 or numbers[at + 1] != one + 1]
    return "".join(f"\\U{start:08x}-\\U{end:08x}" for start, end in zip(starts, ends, strict=True))


def _written_out(match: re.Match[str]) -> str:
    number = ord(match[0])
    return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= number <= 0xDFFF else f"⟨U+{number:04X}⟩"
