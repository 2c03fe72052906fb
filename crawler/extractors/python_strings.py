"""Python string literals read as Python reads them: prefixes, escapes, f-strings with known parts."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from crawler.extractors.python_syntax import text_of

_ESCAPE = re.compile(
    r"\\(?:(\r?\n)|([\\'\"abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]{1,80})\})"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def read_string(node: Node, evaluate: Callable[[Node], Any], unknown: Any) -> Any:
    """Give a string literal's text, or `unknown` for bytes and for f-strings with a part that is not known."""
    if node.type == "concatenated_string":
        parts = [read_string(child, evaluate, unknown) for child in node.named_children if child.type == "string"]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else unknown
    if node.type != "string" or not node.children:
        return unknown
    prefix = text_of(node.children[0]).rstrip("\"'").lower()
    if "b" in prefix:
        return unknown
    pieces = []
    for child in node.children[1:-1]:
        piece = _interpolated(child, evaluate) if child.type == "interpolation" else _literal(child, prefix)
        if not isinstance(piece, str):
            return unknown
        pieces.append(piece)
    return "".join(pieces)


def _literal(child: Node, prefix: str) -> str:
    text = text_of(child).replace("\r\n", "\n")
    if "f" in prefix:
        text = text.replace("{{", "{").replace("}}", "}")
    return text if "r" in prefix else _ESCAPE.sub(_unescape, text)


def _interpolated(child: Node, evaluate: Callable[[Node], Any]) -> str | None:
    if len(child.named_children) != 1:
        return None
    value = evaluate(child.named_children[0])
    return str(value) if isinstance(value, str | int | float) else None


def _unescape(match: re.Match[str]) -> str:
    newline, simple, octal, *codes, name = match.groups()
    if newline:
        return ""
    if simple:
        return _SIMPLE.get(simple, simple)
    if name:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            return match.group()
    code = int(octal, 8) if octal else int(next(filter(None, codes)), 16)
    return chr(code) if code <= 0x10FFFF else match.group()
