"""The words of a text, cut in the same way here and in `static/search_index.js`: a test holds the two together.

Not for meaning: no stemming, no synonyms. A word is found by itself and by its beginning.
"""

import re
import unicodedata

WORD_LIMIT = 32  # characters of a word that are looked at; longer ones are keys and hashes
_PASSED_OVER = (
    "a an and are as at be by for from has have in into is it its of on or that the this to was which will with you"
)
# Too frequent to tell anything: they are not indexed, and left out of what people type.
PASSED_OVER = frozenset(_PASSED_OVER.split())

_RUN = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_MIXED = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
# Scripts without spaces between words: each character is a word.
_SPACELESS = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


def cut_text(text: str) -> list[str]:
    """Cut a text into lower-case words without accents, in their order, those that are passed over left out."""
    plain = text.lower() if text.isascii() else _fold(text)
    return [word[:WORD_LIMIT] for word in _RUN.findall(plain) if word not in PASSED_OVER]


def cut_name(name: str) -> tuple[set[str], int]:
    """Cut a name into words, its camelCase parts beside the whole; and count the words that a person would see."""
    words = set(cut_text(name))
    if not _MIXED.search(name):
        return words, len(words)
    seen: set[str] = set()
    for run in _RUN.findall(name):
        parts = _PARTS.findall(run) if run.isascii() and _MIXED.search(run) else [run]
        seen.update(part for found in parts for part in cut_text(found))
    return words | seen, len(seen)


def browser_order(word: str) -> bytes:
    """Give what words are sorted by so that a browser finds them: it compares texts by UTF-16."""
    return word.encode("utf-16-be")


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(one for one in decomposed if one.isascii() or unicodedata.category(one)[0] != "M")
    return _SPACELESS.sub(r" \1 ", bare.lower())
