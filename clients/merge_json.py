"""Edits written into JSON as people write it: every byte that no edit touches stays, comments and commas included.

Not a formatter: what is added takes its indentation and line ends from what is there.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from clients.errors import DocumentError
from clients.json_document import JsonDocument
from clients.merge_edits import Add, Drop, Edit, KeyPath, Put, Remove

_SHIFT = 1  # the parser is given the file in brackets
_Splice = tuple[int, int, bytes]


def read_json(data: bytes) -> Any:
    """Give the plain value of a file; what is no value of JSON becomes text that equals only itself."""
    return _plain(JsonDocument(data).root)


def edit_json(data: bytes, edits: tuple[Edit, ...]) -> bytes:
    """Write edits into a file."""
    for edit in edits:
        data = _Text(data).edited(edit)
    return data


@dataclass(frozen=True, slots=True)
class _Style:
    """How a file is laid out: its line end, one step of indentation, and whether it is all in one line."""

    line_end: bytes
    step: bytes
    is_flat: bool

    def write(self, value: Any, indent: bytes) -> bytes:
        """Write a value that begins in a line of this indentation."""
        if self.is_flat:
            return json.dumps(value).encode()
        lines = json.dumps(value, indent=self.step.decode()).encode().split(b"\n")
        return (self.line_end + indent).join(lines)


class _Text:
    """A file's bytes with its tree, for one edit."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        root = JsonDocument(data).root
        if root is None or root.type != "object":
            raise DocumentError("expected one JSON object", 1, 1)
        self.root = root
        self.style = self._find_style()

    def edited(self, edit: Edit) -> bytes:
        """Give the bytes after an edit."""
        splices = list(self._splices(edit))
        data = self.data
        for start, end, new in sorted(splices, key=lambda one: one[:2], reverse=True):
            data = data[:start] + new + data[end:]
        return data

    def _splices(self, edit: Edit) -> Iterator[_Splice]:
        if isinstance(edit, Put):
            yield from self._put(edit.path, dict(edit.members))
        elif isinstance(edit, Drop):
            node, _ = self._find(edit.path)
            last = _members(node)
            gone = {last[key].id for key in edit.keys}
            yield from self._take_out(node, lambda _, pair: _value(pair).id in gone)
        elif isinstance(edit, Remove):
            node, _ = self._find(edit.path)
            yield from self._take_out(node, lambda at, _: at in edit.places)
        else:
            yield from self._add(edit)

    def _add(self, edit: Add) -> Iterator[_Splice]:
        node, missing = self._find(edit.path)
        if missing:
            yield from self._put(edit.path[:-1], {edit.path[-1]: list(edit.items)})
        elif edit.items:
            indent = self._inner_indent(node)
            yield from self._append(node, [self.style.write(item, indent) for item in edit.items])

    def _put(self, path: KeyPath, members: dict[str, Any]) -> Iterator[_Splice]:
        node, missing = self._find(path)
        for key in reversed(missing):
            members = {key: members}
        there = _members(node)
        indent = self._inner_indent(node)
        for key in members.keys() & there.keys():
            start, end = _span(there[key])
            yield start, end, self.style.write(members[key], self._line_indent(start))
        new = [(key, value) for key, value in members.items() if key not in there]
        if new:
            texts = [json.dumps(key).encode() + b": " + self.style.write(value, indent) for key, value in new]
            yield from self._append(node, texts)

    def _find(self, path: KeyPath) -> tuple[Node, KeyPath]:
        """Follow a path as far as it leads; the keys that lead no further are given back."""
        node = self.root
        for at, key in enumerate(path):
            inner = _members(node).get(key)
            if inner is None:
                return node, path[at:]
            node = inner
        return node, ()

    def _append(self, node: Node, texts: list[bytes]) -> Iterator[_Splice]:
        """Put elements behind the last one, and behind the comments that stand in its line."""
        elements = _elements(node)
        tokens = [child for child in node.children[:-1] if child.type != "comment"]
        last = tokens[-1]
        after = last
        for child in node.children[node.children.index(last) + 1 : -1]:
            if child.start_point[0] == after.end_point[0] and child.type == "comment":
                after = child
        if not elements:
            after = node.children[-2]
        place = _span(after)[1]
        is_inline = self.style.is_flat or (bool(elements) and not self._starts_lines(node))
        is_inline = is_inline and not (after.type == "comment" and self._slice(after).startswith(b"//"))
        between = b" " if is_inline else self.style.line_end + self._inner_indent(node)
        text = (b"," + between).join(texts) + (b"," if elements and last.type == "," else b"")
        is_closed = not is_inline and node.children[-1].start_point[0] == after.end_point[0]
        closing = self.style.line_end + self._line_indent(_span(node)[0]) if is_closed else b""
        before = b"" if is_inline and not elements and after is last else between
        comma = b"," if elements and last.type != "," else b""
        if after is not last and comma:
            yield _span(last)[1], _span(last)[1], comma
            comma = b""
        yield place, place, comma + before + text + closing

    def _take_out(self, node: Node, is_gone: Callable[[int, Node], bool]) -> Iterator[_Splice]:
        elements = _elements(node)
        commas = _commas(node)
        gone = {one.id for at, one in enumerate(elements) if is_gone(at, one)}
        spans = [self._widened(one, commas.get(one.id)) for one in elements if one.id in gone]
        stays = [one for one in elements if one.id not in gone]
        if stays and elements[-1].id in gone and elements[-1].id not in commas:
            spans.append(_span(commas[stays[-1].id]))
        end = 0
        for start, stop in sorted(spans):
            if stop > end:
                yield max(start, end), stop, b""
            end = max(end, stop)

    def _widened(self, element: Node, comma: Node | None) -> tuple[int, int]:
        """Widen an element's span to the lines that it fills, or to the blanks on one side of it."""
        start, end = _span(element)[0], _span(comma or element)[1]
        line = self.data.rfind(b"\n", 0, start) + 1
        stop = self.data.find(b"\n", end)
        if stop >= 0 and not self.data[line:start].strip() and not self.data[end:stop].strip():
            return line, stop + 1
        while comma and self.data[end : end + 1] in (b" ", b"\t"):
            end += 1
        while not comma and self.data[start - 1 : start] in (b" ", b"\t"):
            start -= 1
        return start, end

    def _find_style(self) -> _Style:
        is_flat = self.root.start_point[0] == self.root.end_point[0] and bool(_elements(self.root))
        line_end = b"\r\n" if b"\r\n" in self.data else b"\n"
        first = next(iter(_elements(self.root)), None)
        step = self._line_indent(_span(first)[0]) if first and self._starts_lines(self.root) else b"  "
        outer = self._line_indent(_span(self.root)[0])
        return _Style(line_end, step.removeprefix(outer) or b"  ", is_flat)

    def _starts_lines(self, node: Node) -> bool:
        first = next(iter(_elements(node)), None)
        return first is not None and first.start_point[0] > node.start_point[0]

    def _inner_indent(self, node: Node) -> bytes:
        if self._starts_lines(node):
            return self._line_indent(_span(_elements(node)[0])[0])
        return self._line_indent(_span(node)[0]) + self.style.step

    def _line_indent(self, place: int) -> bytes:
        line = self.data.rfind(b"\n", 0, place) + 1
        end = line
        while self.data[end : end + 1] in (b" ", b"\t"):
            end += 1
        return self.data[line:end]

    def _slice(self, node: Node) -> bytes:
        start, end = _span(node)
        return self.data[start:end]


def _span(node: Node) -> tuple[int, int]:
    return node.start_byte - _SHIFT, node.end_byte - _SHIFT


def _elements(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _commas(node: Node) -> dict[int, Node]:
    """Give the comma behind each element that has one."""
    found: dict[int, Node] = {}
    last: Node | None = None
    for child in node.children:
        if child.type == "," and last is not None:
            found[last.id] = child
        elif child.is_named and child.type != "comment":
            last = child
    return found


def _members(node: Node) -> dict[str, Node]:
    """Give the values of an object by key; of a key that stands there twice the last counts."""
    return {key: value for key, value, _ in JsonDocument.members(_NOTHING, node) or ()}


def _value(pair: Node) -> Node:
    return pair.child_by_field_name("value") or pair


_NOTHING = JsonDocument(b"")


def _plain(node: Node | None) -> Any:
    if node is None:
        return None
    if node.type == "object":
        return {key: _plain(value) for key, value in _members(node).items()}
    if node.type == "array":
        return [_plain(element) for element in _elements(node)]
    if node.type in ("string", "true", "false", "null"):
        return _NOTHING.plain(node)
    return _Unread((node.text or b"").decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class _Unread:
    """A number or something else that is compared by its text."""

    text: str
