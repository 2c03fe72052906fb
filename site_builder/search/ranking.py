"""The order in which results are shown, fixed when the index is built: a record's place in it is its rank.

Not for what matches: a rank says nothing of the words that somebody looks for.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Self

from catalog.vocabulary import Category, Risk
from site_builder.search.record import SearchRecord
from site_builder.search.words import cut_name

RISKS: tuple[Risk | None, ...] = (*reversed(Risk), None)
CATEGORIES: tuple[Category | None, ...] = (*reversed(Category), None)
WORDS_COUNTED = 9  # names of more words stand together

_RISK_PLACE = {risk: place for place, risk in enumerate(RISKS)}
_CATEGORY_PLACE = {category: place for place, category in enumerate(CATEGORIES)}
_TOGETHER = 5_000
_TABLE = "create table record (risk, category, words, kind, name, server, tool, named, text, facets)"
_INSERT = "insert into record values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RANKED = "select * from record order by risk, category, words, kind, name, server, tool"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ranks go by before names: risk, strongest effect, words in the name, servers before tools."""

    risk: int
    category: int
    words: int
    is_tool: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A record at its rank; `named` are the words of its name."""

    standing: Standing
    name: str
    server: str
    tool: str
    named: frozenset[str]
    text: str
    facets: tuple[str, ...]


class Ranking:
    """All records in a temporary database on disk, which SQLite removes by itself."""

    def __init__(self) -> None:
        self.name_counts: Counter[str] = Counter()
        self._database = sqlite3.connect("")
        self._database.execute(_TABLE)

    def add(self, records: Iterable[SearchRecord]) -> None:
        """Take records in; their order does not matter."""
        rows = (self._row(record) for record in records)
        while together := list(islice(rows, _TOGETHER)):
            self._database.executemany(_INSERT, together)

    def iter_ranked(self) -> Iterator[Ranked]:
        """Stream the records by rank."""
        standing = Standing(0, 0, 0, 0)
        stands: list[int] = []
        for *found, name, server, tool, named, text, facets in self._database.execute(_RANKED):
            if found != stands:
                stands, standing = found, Standing(*found)
            yield Ranked(standing, name, server, tool, frozenset(named.split()), text, tuple(facets.split()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def _row(self, record: SearchRecord) -> tuple[int | str, ...]:
        words, count = cut_name(record.name)
        self.name_counts.update(words)
        return (
            _RISK_PLACE[record.risk],
            _CATEGORY_PLACE[record.category],
            min(count, WORDS_COUNTED),
            int(record.tool is not None),
            record.name,
            record.server,
            record.tool or "",
            " ".join(sorted(words)),
            record.text,
            " ".join(record.facets),
        )
