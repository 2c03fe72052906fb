"""Cuts names and prose into lower-case words with their places; knows nothing of what the words mean.

Every expression here is linear in the text, and every text is cut at a limit first.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from classifier.lexicon import IDEOGRAMS

PROSE_LIMIT = 6_000  # characters of a description that are read for actions; threats read further
NAME_LIMIT = 400
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_PROSE_PART = re.compile(r"\w+(?:['\u2019-]\w+)*|[.!?;:](?=\s|$)|[,/()\n]")
_IDEOGRAPHIC = re.compile("[぀-ヿ㐀-鿿가-힯]+")
_KNOWN_IDEOGRAMS = re.compile("|".join(sorted(IDEOGRAMS, key=len, reverse=True)))
STOPS = frozenset(".!?;\n")


class Word(NamedTuple):
    """A lower-case word (or a stop) and where it starts in its text; `end` counts the original characters."""

    text: str
    start: int
    end: int


def lowered(text: str) -> str:
    """Lower a text without moving any character, which `str.lower` does for a few letters."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one if len(one := letter.lower()) == 1 else letter for letter in text)


@lru_cache(maxsize=20_000)
def _cut_name(name: str) -> tuple[Word, ...]:
    return tuple(Word(lowered(part.group()), part.start(), part.end()) for part in _NAME_PART.finditer(name))


def cut_name(name: str) -> tuple[Word, ...]:
    """Cut an identifier at punctuation, case changes and digits; the same few names recur, so they are kept."""
    return _cut_name(name[:NAME_LIMIT])


def cut_prose(text: str) -> list[Word]:
    """Cut prose into words and stops. Scripts without spaces yield their known verbs and letter pairs."""
    words = [Word(part.group(), part.start(), part.end()) for part in _PROSE_PART.finditer(lowered(text[:PROSE_LIMIT]))]
    if text.isascii():
        return words
    return [piece for word in words for piece in _cut_ideographs(word)]


def _cut_ideographs(word: Word) -> list[Word]:
    if not _IDEOGRAPHIC.search(word.text):
        return [word]
    known = [
        Word(IDEOGRAMS[found.group()], word.start + found.start(), word.start + found.end())
        for found in _KNOWN_IDEOGRAMS.finditer(word.text)
    ]
    pairs = [Word(word.text[at : at + 2], word.start + at, word.start + at + 2) for at in range(len(word.text) - 1)]
    return [*known, *pairs]
