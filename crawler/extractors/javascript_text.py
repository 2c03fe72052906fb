"""The text of syntax nodes and what JavaScript's literals mean. Knows nothing of names or scopes."""

import re
from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WRAPPERS = frozenset(
    (
        *("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"),
        *("await_expression", "type_assertion", "instantiation_expression"),
    )
)
_MAX_WRAPPERS = 100


def text_of(node: Node | None) -> str:
    """Give a node's source text; empty for no node."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def short_text(node: Node | None, limit: int = 120) -> str:
    """Give a node's source text when it is at most `limit` bytes; else nothing, without copying it."""
    return text_of(node) if node is not None and node.end_byte - node.start_byte <= limit else ""


def excerpt(node: Node, limit: int) -> str:
    """Give a node's source text on one line, cut after `limit` characters."""
    return " ".join(text_of(node)[: 4 * limit].split())[:limit]


def unquoted(node: Node | None) -> str:
    """Give a plain name or a quoted one as text."""
    return read_string(node) if node is not None and node.type == "string" else text_of(node)


def read_string(node: Node) -> str:
    """Give a quoted string's text."""
    return unescaped(text_of(node)[1:-1])


def unescaped(text: str) -> str:
    """Replace JavaScript's escapes by what they stand for."""
    if "\\" not in text:
        return text
    # JavaScript writes characters beyond 16 bits as two escapes, which are one character here.
    return _ESCAPE.sub(_unescape, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_number(text: str) -> Any:
    """Give a number literal's value; UNKNOWN when it is too long to be one that matters."""
    digits = text.replace("_", "").rstrip("n")
    if len(digits) > 40:
        return UNKNOWN
    try:
        return int(digits, 0) if re.fullmatch(r"0[xXoObB][0-9a-fA-F]+|[1-9]\d*|0", digits) else whole(float(digits))
    except (ValueError, OverflowError):
        return UNKNOWN


def whole(number: float) -> int | float:
    """Give a number as JavaScript prints it: without a fraction when it has none."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def printed(value: Any) -> str | None:
    """Give a value as a template or `+` would print it; None when that cannot be known."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(whole(value))
    return str(value) if isinstance(value, str | int) else None


def unwrapped(node: Node) -> Node:
    """See through brackets, casts and awaits, which leave a value as it is."""
    for _ in range(_MAX_WRAPPERS):
        if node.type not in _WRAPPERS or not node.named_children:
            break
        inner = [child for child in node.named_children if child.type != "comment"]
        if not inner:
            break
        # `<T>value` has its type first, every other wrapper its value.
        node = inner[-1] if node.type == "type_assertion" else inner[0]
    return node


def written(nodes: list[Node]) -> list[Node]:
    """Leave comments out."""
    return [node for node in nodes if node.type != "comment"]


def arguments_of(call: Node) -> list[Node]:
    """Give the nodes of a call's arguments."""
    arguments = call.child_by_field_name("arguments")
    return written(arguments.named_children) if arguments is not None and arguments.type == "arguments" else []


def pattern_names(pattern: Node) -> Iterator[tuple[str, Node]]:
    """Give the names that a parameter list or a destructuring pattern binds, with their nodes."""
    stack = [pattern]
    while stack:
        node = stack.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield text_of(node), node
        elif node.type in ("required_parameter", "optional_parameter"):
            stack += [child for child in (node.child_by_field_name("pattern"),) if child is not None]
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            stack += node.named_children[:1]
        elif node.type == "pair_pattern":
            stack += node.named_children[-1:]
        elif node.type in ("formal_parameters", "object_pattern", "array_pattern", "rest_pattern"):
            stack += node.named_children


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2) or match.group(3)
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else match.group()
    if match.group(4):
        return ""
    return _SIMPLE.get(match.group(5), match.group(5))
