"""JSON as people write it, with comments and trailing commas; JSON5's quotes and bare keys are read as well.

Not a validator: what is no value of JSON, such as a call, becomes None, and only broken syntax is an error.
"""

import json
import re
from typing import Any

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from clients.errors import DocumentError

_LANGUAGE = Language(tree_sitter_javascript.language())
_MAX_DEPTH = 200
_MAX_VALUES = 50_000
_STRING = re.compile(rb'"(?:[^"\\\n]|\\.)*"')
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_CONSTANTS = {"true": True, "false": False, "null": None}


class JsonDocument:
    """A file of JSON. Only what is asked for is turned into values: such files are large and servers a small part."""

    def __init__(self, data: bytes) -> None:
        self.root: Node | None = None
        if not data.strip():
            return
        _check_depth(data)
        # In brackets an object is an object and not a block, and comments may stand before it.
        tree = Parser(_LANGUAGE).parse(b"(" + data + b"\n)")
        if tree.root_node.has_error:
            raise _error(tree.root_node)
        self.root = _inner(tree.root_node)
        if self.root is None or self.root.type not in ("object", "array"):
            raise DocumentError("expected one JSON object and nothing after it", 1, 1)

    def members(self, node: Node | None) -> list[tuple[str, Node, int | None]] | None:
        """Give key, node and line of each member of an object."""
        if node is None or node.type != "object":
            return None
        pairs = [child for child in node.named_children if child.type == "pair"]
        found = [(pair.child_by_field_name("key"), pair.child_by_field_name("value"), pair) for pair in pairs]
        return [
            (_text(key), value, pair.start_point[0] + 1)
            for key, value, pair in found
            if key is not None and value is not None
        ]

    def plain(self, node: Node | None) -> Any:
        """Give the value as Python's own. Raises DocumentError when there is too much of it."""
        return _plain(node, [_MAX_VALUES])


def _check_depth(data: bytes) -> None:
    """Refuse deep nesting before the parser spends seconds on it. Raises DocumentError."""
    depth = 0
    for bracket in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > _MAX_DEPTH:
            raise DocumentError(f"expected at most {_MAX_DEPTH} levels of nesting")


def _inner(program: Node) -> Node | None:
    """Find what stands in the brackets that were put around the file, if it is one thing."""
    statements = [child for child in program.named_children if child.type != "comment"]
    if len(statements) != 1 or statements[0].type != "expression_statement":
        return None
    outer = [child for child in statements[0].named_children if child.type != "comment"]
    if len(outer) != 1 or outer[0].type != "parenthesized_expression":
        return None
    inner = [child for child in outer[0].named_children if child.type != "comment"]
    return inner[0] if len(inner) == 1 else None


def _error(root: Node) -> DocumentError:
    """Find the first place where the syntax breaks."""
    node = root
    while not (node.is_error or node.is_missing):
        broken = next((child for child in node.children if child.has_error or child.is_missing), None)
        if broken is None:
            break
        node = broken
    line, column = node.start_point
    expected = f"expected {node.type} here" if node.is_missing else "not JSON from here on"
    return DocumentError(expected, line + 1, max(column + (1 if line else 0), 1))


def _plain(node: Node | None, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise DocumentError("expected fewer values in one server", node.start_point[0] + 1 if node else None)
    if node is None:
        return None
    if node.type == "object":
        pairs = [child for child in node.named_children if child.type == "pair"]
        named = [(pair.child_by_field_name("key"), pair.child_by_field_name("value")) for pair in pairs]
        return {_text(key): _plain(value, budget) for key, value in named if key is not None}
    if node.type == "array":
        return [_plain(child, budget) for child in node.named_children if child.type != "comment"]
    if node.type == "string":
        return _text(node)
    raw = (node.text or b"").decode("utf-8", "replace")
    if node.type in ("number", "unary_expression"):
        return _number(raw)
    return _CONSTANTS.get(raw)


def _number(raw: str) -> int | float | None:
    try:
        return float(raw) if re.search(r"[.eE]", raw) else int(raw[:300], 0)
    except ValueError:
        return None


def _text(node: Node) -> str:
    raw = (node.text or b"").decode("utf-8", "replace")
    if node.type != "string":
        return raw
    try:
        return str(json.loads(raw, strict=False))
    except ValueError:
        return re.sub(r"\\(.)", r"\1", raw[1:-1])
