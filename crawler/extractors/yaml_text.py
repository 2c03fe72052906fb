"""YAML and JSON of strangers as plain values: nothing is constructed but text, numbers, lists and mappings.

Bounded in bytes, depth and aliases; merge keys stay what they are, because merging can be made to grow without end.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
import yaml

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 24 * 1024 * 1024
_MAX_DEPTH: Final = 60
_MAX_ALIASES: Final = 5_000
_MERGE = "tag:yaml.org,2002:merge"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _PlainLoader(yaml.CSafeLoader):
    """A safe loader that neither merges nor makes dates: documents are to come out as JSON would have them."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the library's own protocol
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_MERGE, _TIMESTAMP)]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


class DocumentReader:
    """Reads the documents of one snapshot, each once, all within one allowance of bytes."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._left = MAX_TOTAL_BYTES
        self._read: dict[str, Any] = {}

    def read(self, path: str) -> Any:
        """Give what a JSON or YAML file says; None when it is neither, or beyond the limits."""
        if path not in self._read:
            data = self._files.get(path, b"")
            self._left -= len(data)
            fits = len(data) <= (2 * MAX_BYTES if path.endswith(".json") else MAX_BYTES) and self._left >= 0
            self._read[path] = read_document(path, data) if fits else None
        return self._read[path]


def read_document(path: str, data: bytes) -> Any:
    """Give what JSON or YAML text says; None when it is neither, or nested or aliased beyond the limits."""
    if path.endswith(".json"):
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            return None
    try:
        if not _is_bounded(data):
            return None
        return yaml.load(data, Loader=_PlainLoader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError):
        return None


def _is_bounded(data: bytes) -> bool:
    """Tell from the events, before anything is built, that a document nests and repeats itself within reason."""
    depth = aliases = 0
    for event in yaml.parse(data, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        if depth > _MAX_DEPTH or aliases > _MAX_ALIASES:
            return False
    return True
