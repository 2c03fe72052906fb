"""Configuration files as trees, whatever their language: members of a node with their lines, and plain values.

Not for what the values mean: configuration.py knows servers, this knows only where something stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from clients.client import KeyPath, Language
from clients.json_document import JsonDocument
from clients.toml_document import TomlDocument
from clients.yaml_document import YamlDocument


class Document(Protocol):
    """A file that was parsed. A node is of the parser's own kind; only its document looks into it."""

    @property
    def root(self) -> Any:
        """The node that holds all others; None for an empty file."""

    def members(self, node: Any) -> list[tuple[str, Any, int | None]] | None:
        """Give key, node and line of each member; None for a node that has no members."""

    def plain(self, node: Any) -> Any:
        """Give the value as Python's own; what has none becomes None. Raises DocumentError for too much of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member found under a path: its keys on the way where the path had `*`, its name, node and line."""

    scope: tuple[str, ...]
    name: str
    node: Any
    line: int | None


def parse_document(data: bytes, language: Language) -> Document:
    """Parse a file. Raises DocumentError."""
    if language is Language.TOML:
        return TomlDocument(data)
    return YamlDocument(data) if language is Language.YAML else JsonDocument(data)


def find_entries(document: Document, path: KeyPath) -> Iterator[Entry]:
    """Give the members of all nodes that a path leads to."""
    yield from _below(document, document.root, path, ())


def _below(document: Document, node: Any, path: KeyPath, scope: tuple[str, ...]) -> Iterator[Entry]:
    for key, child, line in document.members(node) or ():
        if not path:
            yield Entry(scope, key, child, line)
        elif path[0] in ("*", key):
            yield from _below(document, child, path[1:], (*scope, key) if path[0] == "*" else scope)
