"""Texts cut and replaced as JavaScript does: by index, and by regular expressions plain enough to be safe.

A stranger's pattern is only used when it cannot take long: one character or class at a time, no groups.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from crawler.extractors.evaluation import UNKNOWN

_MAX_INPUT: Final = 20_000
# Literals, classes and escapes, each perhaps repeated, none inside a group: linear but for the trailing part.
_SAFE = re.compile(r"\^?(?:(?:\[\^?(?:\\.|[^\]\\]){1,60}\]|\\[wWdDsSb.\-/_$^+*?()\[\]{}|]|[\w \-/,:@#])[+*?]?){1,6}\$?")
_REPEATED = re.compile(r"[+*?]")
_SUBSTITUTE = re.compile(r"[^$\\]{0,40}")


def replaced(text: str, pattern: str, substitute: Any, *, everywhere: bool) -> Any:
    """Give `text.replace(/pattern/flags, substitute)`; UNKNOWN when the pattern is not known to be safe."""
    body, _, flags = pattern[1:].rpartition("/")
    plain = isinstance(substitute, str) and _SUBSTITUTE.fullmatch(substitute) is not None
    if not plain or len(text) > _MAX_INPUT or _SAFE.fullmatch(body) is None or len(_REPEATED.findall(body)) > 2:
        return UNKNOWN
    count = 0 if everywhere or "g" in flags else 1
    try:
        return re.sub(body, substitute, text, count=count, flags=re.ASCII | (re.IGNORECASE if "i" in flags else 0))
    except re.error:
        return UNKNOWN


def _substring(text: str, start: int, end: int | None = None) -> str:
    first, last = max(start, 0), len(text) if end is None else max(end, 0)
    return text[min(first, last) : max(first, last)]


BY_INDEX: dict[str, Callable[..., str]] = {
    "charAt": lambda text, at=0: text[at : at + 1] if at >= 0 else "",
    "slice": lambda text, start=0, end=None: text[start:end],
    "substring": _substring,
}


def cut(text: str, method: str, values: list[Any]) -> Any:
    """Give what a method that takes positions makes of a text; UNKNOWN when they are not known."""
    if any(not isinstance(value, int) or isinstance(value, bool) for value in values) or len(values) > 2:
        return UNKNOWN
    return BY_INDEX[method](text, *values)
