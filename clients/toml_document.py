"""TOML by the standard library, which keeps no lines: a table's line is looked for in the text.

Not for writing: a client's file is only ever read.
"""

import re
import tomllib
from typing import Any

from clients.errors import DocumentError

_WHERE = re.compile(r"at line (\d{1,9}), column (\d{1,9})")
_HEADER = re.compile(r"^[ \t]*\[{1,2}[ \t]*([^\]\n]{1,500})\]", re.MULTILINE)
_PART = re.compile(r"""[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*(?:\.|$)""")


class TomlDocument:
    """A file of TOML. A node is a plain value with the keys that lead to it."""

    def __init__(self, data: bytes) -> None:
        try:
            text = data.decode("utf-8")
            self.root: Any = ((), tomllib.loads(text))
        except RecursionError:
            raise DocumentError("expected less nesting") from None
        except UnicodeDecodeError:
            raise DocumentError("expected text in UTF-8") from None
        except tomllib.TOMLDecodeError as error:
            where = _WHERE.search(str(error))
            place = (int(where.group(1)), int(where.group(2))) if where else (None, None)
            raise DocumentError("not TOML here", *place) from None
        self._lines = _table_lines(text)

    def members(self, node: Any) -> list[tuple[str, Any, int | None]] | None:
        """Give key, node and line of each member of a table; a key inside a table has none."""
        path, value = node
        if not isinstance(value, dict):
            return None
        return [(key, ((*path, key), child), self._lines.get((*path, key))) for key, child in value.items()]

    def plain(self, node: Any) -> Any:
        """Give the value, which is Python's own already."""
        return node[1]


def _table_lines(text: str) -> dict[tuple[str, ...], int]:
    """Say on which line each table begins; the first line that names one, or a table in it."""
    lines: dict[tuple[str, ...], int] = {}
    at, number = 0, 1
    for match in _HEADER.finditer(text):
        number += text.count("\n", at, match.start())
        at = match.start()
        path = tuple(next(filter(None, part), "") for part in _PART.findall(match.group(1)))
        for length in range(1, min(len(path), 8) + 1):
            lines.setdefault(path[:length], number)
    return lines
