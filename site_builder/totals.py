"""What the lists and the charts need to know of the whole catalog, gathered in one pass over the servers."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.records import CatalogServer
from catalog.vocabulary import Category, Risk
from site_builder.judged import judge_server
from site_builder.parts import ServerRow, ToolRow
from site_builder.rows import make_server_row, make_tool_row


@dataclass(slots=True)
class Totals:
    """Counts and rows. `cells` counts tools by category and risk; `unanalysed` are tools without assessment."""

    cells: Counter[tuple[Category, Risk]] = field(default_factory=Counter)
    rows: dict[tuple[Category, Risk], list[ToolRow]] = field(default_factory=lambda: defaultdict(list))
    unanalysed: list[ToolRow] = field(default_factory=list)
    servers: list[ServerRow] = field(default_factory=list)
    silent_servers: list[ServerRow] = field(default_factory=list)
    quotes: int = 0

    @property
    def tools(self) -> int:
        """Count all tools, analysed or not."""
        return self.cells.total() + len(self.unanalysed)

    def count_risks(self) -> dict[Risk | None, int]:
        """Count the tools by risk; None counts the ones not analysed."""
        counts: dict[Risk | None, int] = {
            risk: sum(self.cells[category, risk] for category in Category) for risk in Risk
        }
        return {**counts, None: len(self.unanalysed)}

    def count_category(self, category: Category) -> int:
        """Count a category's tools."""
        return sum(self.cells[category, risk] for risk in Risk)


def gather_totals(servers: Iterable[CatalogServer]) -> Totals:
    """Read all servers once. Servers come out ordered by how many of their tools are critical, then high."""
    totals = Totals()
    for server in servers:
        row = make_server_row(server)
        totals.servers.append(row)
        if not server.tools:
            totals.silent_servers.append(row)
        for judged in judge_server(server).tools:
            assessment = judged.tool.assessment
            tool_row = make_tool_row(server, judged)
            if assessment is None:
                totals.unanalysed.append(tool_row)
                continue
            cell = (assessment.category, assessment.risk)
            totals.cells[cell] += 1
            totals.rows[cell].append(tool_row)
            totals.quotes += len(assessment.evidence)
    totals.servers.sort(key=lambda row: (tuple(-count for count in row.counts[:4]), row.name.lower(), row.href))
    return totals
