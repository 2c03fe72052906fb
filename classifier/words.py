"""Cuts names and prose into lower-case words; knows nothing of what the words mean.

Words are plain strings, because every definition is cut and few are quoted: where a word stands in its text is
found again by `span_of_name` and `span_of_prose` when it is quoted. Every expression here is linear in the text,
and every text is cut at a limit first.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from classifier.lexicon import IDEOGRAMS

PROSE_LIMIT = 6_000  # characters of a description that are read for actions; threats read further
NAME_LIMIT = 400
STOPS = frozenset(".!?;\n")
Span = tuple[int, int]
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_PROSE_PART = re.compile(r"\w+(?:['\u2019-]\w+)*|[.!?;:](?=\s|$)|[,/()\n]")
_IDEOGRAPHIC = re.compile("[぀-ヿ㐀-鿿가-힯]+")
_KNOWN_IDEOGRAMS = re.compile("|".join(sorted(IDEOGRAMS, key=len, reverse=True)))


def lowered(text: str) -> str:
    """Lower a text without moving any character, which `str.lower` does for a few letters."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one if len(one := letter.lower()) == 1 else letter for letter in text)


@lru_cache(maxsize=50_000)
def cut_name(name: str) -> tuple[str, ...]:
    """Cut an identifier at punctuation, case changes and digits; the same few names recur, so they are kept."""
    return tuple(map(lowered, _NAME_PART.findall(name[:NAME_LIMIT])))


def cut_prose(text: str) -> list[str]:
    """Cut prose into words and stops. Scripts without spaces yield their known verbs and letter pairs."""
    cut = lowered(text[:PROSE_LIMIT])
    if cut.isascii() or not _IDEOGRAPHIC.search(cut):
        return _PROSE_PART.findall(cut)
    return [word for word, _start, _end in _pieces(cut)]


def span_of_name(name: str, first: int, last: int) -> Span:
    """Find where words number `first` to `last` of an identifier stand in it."""
    parts = list(islice(_NAME_PART.finditer(name[:NAME_LIMIT]), first, last + 1))
    return parts[0].start(), parts[-1].end()


def span_of_prose(text: str, first: int, last: int) -> Span:
    """Find where words number `first` to `last` of a prose text stand in it."""
    cut = lowered(text[:PROSE_LIMIT])
    if cut.isascii() or not _IDEOGRAPHIC.search(cut):
        parts = list(islice(_PROSE_PART.finditer(cut), first, last + 1))
        return parts[0].start(), parts[-1].end()
    pieces = list(islice(_pieces(cut), first, last + 1))
    return pieces[0][1], max(end for _word, _start, end in pieces)


def _pieces(lower: str) -> Iterator[tuple[str, int, int]]:
    for part in _PROSE_PART.finditer(lower):
        if _IDEOGRAPHIC.search(part.group()):
            yield from _cut_ideographs(part.group(), part.start())
        else:
            yield part.group(), part.start(), part.end()


def _cut_ideographs(word: str, start: int) -> Iterator[tuple[str, int, int]]:
    for found in _KNOWN_IDEOGRAMS.finditer(word):
        yield IDEOGRAMS[found.group()], start + found.start(), start + found.end()
    for at in range(len(word) - 1):
        yield word[at : at + 2], start + at, start + at + 2


SPAN_OF: dict[str, Callable[[str, int, int], Span]] = {
    "name": span_of_name,
    "title": span_of_name,
    "description": span_of_prose,
}


def first_places(words: Sequence[str]) -> dict[str, int]:
    """Map each word to the number of its first occurrence."""
    return dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True))
