"""Letters that look like others: names written with them are brought to one form, by Unicode's list of confusables."""

import unicodedata
from functools import lru_cache

_SEPARATORS = str.maketrans("", "", "_-. /")


def skeleton(name: str) -> str:
    """Bring a name to the form that it shares with all names that look like it: case and separators do not count."""
    plain = name if name.isascii() else latin_form(name)
    return plain.translate(_SEPARATORS).lower()


def latin_form(text: str) -> str:
    """Replace every letter that looks like a Latin one by it."""
    return "".join(map(_latin, unicodedata.normalize("NFKC", text)))


def mixes_scripts(text: str) -> bool:
    """Tell whether Latin letters stand beside letters of another script that only look Latin."""
    if text.isascii():
        return False
    latin = any("a" <= letter <= "z" for letter in text.lower())
    return latin and any(_latin(letter) != letter for letter in text)


@lru_cache(maxsize=4_096)
def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    from confusable_homoglyphs import confusables  # noqa: PLC0415  reads a large table, and few names need it

    found = confusables.is_confusable(letter, greedy=False, preferred_aliases=["latin"])
    likes = [one["c"] for entry in found or () for one in entry["homoglyphs"] if one["c"].isascii()]
    return str(likes[0]) if likes else letter
