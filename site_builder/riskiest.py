"""Lists of tools, riskiest first, of which a few thousand are kept while the whole catalog goes by.

Who wants all of a long list searches it, or takes the downloads: nobody turns a thousand pages.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable
from typing import Generic, TypeVar

from catalog.vocabulary import Risk
from site_builder.paging import Part, cut_list

MOST_LISTED = 2_000
_ORDER: tuple[Risk | None, ...] = (*reversed(Risk), None)

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class RiskiestLists(Generic[K, T]):
    """Lists by key: how many rows each has by risk, and its riskiest rows in the order in which they came.

    `most` rows of each risk are kept of a list. `counts` has every row that was added.
    """

    def __init__(self, most: int = MOST_LISTED) -> None:
        self.counts: Counter[tuple[K, Risk | None]] = Counter()
        self._most = most
        self._rows: dict[tuple[K, Risk | None], list[T]] = defaultdict(list)

    def add(self, key: K, risk: Risk | None, row: T | None) -> None:
        """Count a row, and keep it if there is one and room for it."""
        self.counts[key, risk] += 1
        rows = self._rows[key, risk]
        if row is not None and len(rows) < self._most:
            rows.append(row)

    def count(self, key: K) -> int:
        """Count the rows of a list, those that are not kept too."""
        return sum(self.counts[key, risk] for risk in _ORDER)

    def kept(self, key: K, risk: Risk | None) -> list[T]:
        """Give the rows of one risk that were kept."""
        return self._rows.get((key, risk), [])

    def rows(self, key: K) -> list[T]:
        """Give the riskiest rows of a list, at most `most`."""
        return [row for risk in _ORDER for row in self.kept(key, risk)][: self._most]

    def cut(self, key: K, folder: str, search: str = "") -> list[Part[T]]:
        """Cut the rows of a list into pages that stand in `folder`; `search` is the query that finds all of them."""
        return cut_list(folder, self.rows(key), self.count(key), search)
