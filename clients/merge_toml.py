"""Edits written into TOML: comments, order and layout of everything else stay.

What is added is taken from the policy's own text where it stands there alike, so that its comments come along.
"""

import copy
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Table

from clients.errors import DocumentError
from clients.merge_edits import Add, Drop, Edit, KeyPath, Put, Remove
from clients.toml_document import TomlDocument


def read_toml(data: bytes) -> Any:
    """Give the plain value of a file."""
    return TomlDocument(data).root[1]


def edit_toml(data: bytes, edits: tuple[Edit, ...], policy: str) -> bytes:
    """Write edits into a file; `policy` is the text that they come from."""
    text = data.decode()
    try:
        document, source = tomlkit.parse(text), tomlkit.parse(policy)
        for edit in edits:
            _edit(document, edit, source)
        written = tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(f"expected tables that can be added to ({type(error).__name__})") from None
    if written.endswith("\n\n") and not text.endswith("\n\n"):
        written = written.removesuffix("\n")
    if "\r\n" in text and not re.search(r"(?<!\r)\n", text):
        written = re.sub(r"(?<!\r)\n", "\r\n", written)
    return written.encode()


def _edit(document: Any, edit: Edit, source: Any) -> None:
    if isinstance(edit, Put):
        table = _table(document, edit.path)
        for key, value in edit.members.items():
            table[key] = _item(table, value, _find(source, (*edit.path, key)))
        last = table[next(reversed(list(edit.members)))]
        if isinstance(last, Table) and not last.as_string().endswith("\n\n"):
            last.add(tomlkit.nl())
    elif isinstance(edit, Drop):
        for key in edit.keys:
            del _table(document, edit.path)[key]
    elif isinstance(edit, Remove):
        listed = _table(document, edit.path[:-1])[edit.path[-1]]
        for place in sorted(edit.places, reverse=True):
            del listed[place]
    else:
        _add(_table(document, edit.path[:-1]), edit, source)


def _add(table: Any, edit: Add, source: Any) -> None:
    key = edit.path[-1]
    if key not in table:
        table[key] = _item(table, list(edit.items), _find(source, edit.path))
        return
    listed = table[key]
    for item in edit.items:
        if isinstance(listed, AoT):
            listed.append(_same(_find(source, edit.path), item) or tomlkit.item(item))
        else:
            _append(listed, item)


def _append(listed: Array, item: Any) -> None:
    """Put an item at a list's end, in a line of its own where the others have lines."""
    is_multiline = "\n" in listed.as_string()
    if is_multiline:
        listed.add_line(item)
    else:
        listed.append(item)


def _same(listed: Any, item: Any) -> Any:
    """Find a rule in the policy's text that says the same, for its comments and quotes."""
    return next((copy.deepcopy(one) for one in listed or [] if one.unwrap() == item), None)


def _table(document: Any, path: KeyPath) -> Any:
    for key in path:
        if key not in document:
            document[key] = tomlkit.inline_table() if isinstance(document, InlineTable) else tomlkit.table(None)
        document = document[key]
    return document


def _find(source: Any, path: KeyPath) -> Any:
    for key in path:
        if not isinstance(source, Mapping) or key not in source:
            return None
        source = source[key]
    return source


def _item(table: MutableMapping[str, Any], value: Any, written: Any) -> Any:
    if isinstance(table, InlineTable) and isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    if written is not None and not isinstance(table, InlineTable) and _unwrapped(written) == value:
        return copy.deepcopy(written)
    return value


def _unwrapped(written: Any) -> Any:
    return written.unwrap() if hasattr(written, "unwrap") else written
