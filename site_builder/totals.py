"""What the lists and the charts need to know of the whole catalog, gathered while its servers go by in brief."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from catalog.vocabulary import Category, Risk
from site_builder.brief import Listed, ServerBrief
from site_builder.parts import ServerRow
from site_builder.riskiest import RiskiestLists

UNKNOWN_LISTED = 500


class Totals:
    """Counts and rows. `lists` are the tools by category, and under None those that were not analysed.

    `silent_servers` are the first of the servers without tools, `silent` counts them all.
    """

    def __init__(self) -> None:
        self.lists: RiskiestLists[Category | None, Listed] = RiskiestLists()
        self.silent_servers: list[ServerRow] = []
        self.silent = 0
        self.quotes = 0
        # Rows are kept as bytes: half a hundred thousand of them take a tenth of the memory so.
        self._servers: list[tuple[Any, bytes]] = []

    def add(self, server: ServerBrief) -> None:
        """Count a server and its tools."""
        row = server.row
        order = tuple(-count for count in row.counts[:4])
        self._servers.append(((order, row.name.lower(), row.href), msgspec.msgpack.encode(row)))
        if not server.tools:
            self.silent += 1
            if len(self.silent_servers) < UNKNOWN_LISTED:
                self.silent_servers.append(row)
        for tool in server.tools:
            self.quotes += tool.quotes
            self.lists.add(tool.category, tool.risk, Listed(server.slug, server.label, tool))

    @property
    def servers(self) -> int:
        """Count the servers."""
        return len(self._servers)

    @property
    def unanalysed(self) -> int:
        """Count the tools without assessment."""
        return self.lists.count(None)

    @property
    def tools(self) -> int:
        """Count all tools, analysed or not."""
        return self.lists.counts.total()

    def cell(self, category: Category, risk: Risk) -> int:
        """Count the tools of a category and risk."""
        return self.lists.counts[category, risk]

    def count_risks(self) -> dict[Risk | None, int]:
        """Count the tools by risk; None counts the ones not analysed."""
        counts: dict[Risk | None, int] = {
            risk: sum(self.cell(category, risk) for category in Category) for risk in Risk
        }
        return {**counts, None: self.unanalysed}

    def count_category(self, category: Category) -> int:
        """Count a category's tools."""
        return self.lists.count(category)

    def list_servers(self, at_once: int) -> Iterator[Sequence[ServerRow]]:
        """Give all servers, those with most critical tools first, then high ones, so many at a time; one at least."""
        self._servers.sort(key=lambda pair: pair[0])
        for start in range(0, max(1, len(self._servers)), at_once):
            rows = self._servers[start : start + at_once]
            yield [msgspec.msgpack.decode(content, type=ServerRow) for _, content in rows]
