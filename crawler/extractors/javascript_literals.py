"""JavaScript literals read as JavaScript reads them: strings with their escapes, numbers."""

import re
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_module import text_of

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def read_string(node: Node) -> str:
    """Give a quoted string's text."""
    return unescape_text(text_of(node)[1:-1])


def read_number(text: str) -> Any:
    """Give a number literal's value, or UNKNOWN."""
    try:
        digits = text.replace("_", "").rstrip("n")
        return int(digits, 0) if re.fullmatch(r"0[xXoObB][0-9a-fA-F]+|\d{1,40}", digits) else float(digits)
    except ValueError:
        return UNKNOWN


def unescape_text(text: str) -> str:
    """Give what a string's or template's source text stands for."""
    if "\\" not in text:
        return text
    # JavaScript writes characters beyond 16 bits as two escapes, which are one character here.
    return _ESCAPE.sub(_unescape, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2) or match.group(3)
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else match.group()
    if match.group(4):
        return ""
    return _SIMPLE.get(match.group(5), match.group(5))
