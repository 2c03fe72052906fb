"""The order in which results are shown, fixed when the index is built: a record's place in it is its rank.

Not for what matches: a rank says nothing of the words that somebody looks for.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Self

from site_builder.search.packed import PackedServer
from site_builder.search.standing import Standing

_SETTINGS = ("pragma journal_mode = off", "pragma synchronous = off")
_TABLE = "create table record (number integer primary key, standing, name, server, tool)"
_INSERT = "insert into record (standing, name, server, tool) values (?, ?, ?, ?)"
_RANKED = "select number - 1, name, server, tool from record order by standing, name, server, tool"

Ranked = tuple[int, str, str, str]  # number, in the order in which records came; name, server, tool as they are packed


class Ranking:
    """What is shown of all records, in a database on disk: SQLite sorts it without holding it in memory."""

    def __init__(self, path: Path) -> None:
        self._counts: Counter[int] = Counter()
        self._database = sqlite3.connect(path)
        for one in (*_SETTINGS, _TABLE):
            self._database.execute(one)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def __len__(self) -> int:
        """Count the records."""
        return self._counts.total()

    def add(self, server: PackedServer) -> None:
        """Take the records of a server in."""
        rows = zip(server.standings, server.names, repeat(server.server), server.tools, strict=False)
        self._database.executemany(_INSERT, rows)
        self._counts.update(server.standings)

    def iter_runs(self) -> Iterator[tuple[int, Standing]]:
        """Tell from which rank on records stand alike, and how."""
        start = 0
        for number, records in sorted(self._counts.items()):
            yield start, Standing.from_number(number)
            start += records

    def iter_ranked(self, together: int) -> Iterator[list[Ranked]]:
        """Stream the records by rank, so many at a time."""
        found = self._database.execute(_RANKED)
        while rows := found.fetchmany(together):
            yield rows
