"""The eight facets: how many tools have which value, and lists of the tools whose value matters.

Not for finding the values: the classifier did that.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalog.vocabulary import FACET_VALUES, Facet, Risk
from site_builder import urls
from site_builder.brief import Listed, ServerBrief, make_row
from site_builder.charts import bar_width
from site_builder.frames import make_frame
from site_builder.paging import Part, locate_part
from site_builder.parts import ChartRow, Frame, Link, Pager, ToolRow
from site_builder.riskiest import RiskiestLists
from site_builder.wording import FACET_LABEL, FACET_VALUE, QUIET_VALUES, RISK_MEANS, plural, share

FACETS = "facets/index.html"
FACET_MEANS: Mapping[Facet, str] = {
    Facet.REVERSIBILITY: "Whether what a call did can be put back. Where it cannot, only what stands before the call "
    "helps.",
    Facet.EGRESS: "Whether a call hands something to people or machines outside of the service that is connected. What "
    "has left cannot be called back.",
    Facet.UNTRUSTED_INPUT: "Whether what a call gives back was written by people whom nobody vouches for. An agent "
    "reads such words, and may do what they say.",
    Facet.SENSITIVE_DATA: "Whether a call shows what was meant for few: private data, or keys that open more.",
    Facet.PRIVILEGE: "Whether a call changes what somebody may do: the agent itself, or others.",
    Facet.MONEY: "Whether a call reads amounts, costs something, or moves money.",
    Facet.CODE_EXECUTION: "Whether the arguments of a call are run as code, and within which limits.",
    Facet.BLAST_RADIUS: "How much one call reaches, with the worst arguments that the definition admits.",
}

Value = tuple[Facet, str]
LISTED: tuple[Value, ...] = tuple(
    (facet, value) for facet in Facet for value in FACET_VALUES[facet] if value not in QUIET_VALUES
)
_LISTED = frozenset(LISTED)


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value of a facet with its count and share; a quiet value leads nowhere."""

    label: str
    href: str | None
    count: str
    share: str
    width: str


@dataclass(frozen=True, slots=True)
class FacetCard:
    """A facet: its question, why it is asked, and how many tools have which value."""

    id: str
    question: str
    means: str
    values: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True)
class FacetsPage:
    """All facets, with counts."""

    frame: Frame
    count: str
    unassessed: str
    facets: tuple[FacetCard, ...]


@dataclass(frozen=True, slots=True)
class FacetPage:
    """The tools that have one value of a facet."""

    frame: Frame
    heading: str
    means: str
    count: str
    breakdown: tuple[ChartRow, ...]
    siblings: tuple[Link, ...]
    tools: tuple[ToolRow, ...]
    pager: Pager | None


class FacetTally:
    """Counts the tools by facet, value and risk, and keeps the riskiest of those whose value matters.

    `unassessed` are those of which no facet is known.
    """

    def __init__(self) -> None:
        self.cells: Counter[tuple[Facet, str, Risk]] = Counter()
        self.lists: RiskiestLists[Value, Listed] = RiskiestLists()
        self.assessed = 0
        self.unassessed = 0

    def add(self, server: ServerBrief) -> None:
        """Count a server's tools."""
        for tool in server.tools:
            if tool.risk is None:
                self.unassessed += 1
                continue
            self.assessed += 1
            for value in tool.facets.items():
                self.cells[(*value, tool.risk)] += 1
                if value in _LISTED:
                    self.lists.add(value, tool.risk, Listed(server.slug, server.label, tool))

    def count(self, facet: Facet, value: str) -> int:
        """Count the tools that have a value."""
        return sum(self.cells[facet, value, risk] for risk in Risk)


def make_facet_pages(tally: FacetTally, base_url: str) -> Iterator[tuple[str, FacetPage]]:
    """Make the pages that list the tools with a value that matters, riskiest first; each with its path."""
    for facet, value in LISTED:
        for part in tally.lists.cut((facet, value), _folder(facet, value), f"facet={facet}.{value}"):
            yield part.path, _make_facet_page(tally, facet, value, part, base_url)


def _make_facet_page(tally: FacetTally, facet: Facet, value: str, part: Part[Listed], base_url: str) -> FacetPage:
    heading = f"{FACET_LABEL[facet]} {FACET_VALUE[facet][value]}"
    count = plural(tally.count(facet, value), "tool")
    summary = f"{count} of MCP servers with this answer. {FACET_MEANS[facet]}"
    root = urls.way_up(part.path)
    return FacetPage(
        frame=make_frame(heading, summary, part.path, "facets", base_url),
        heading=heading,
        means=FACET_MEANS[facet],
        count=count,
        breakdown=_by_risk(tally, facet, value),
        siblings=tuple(
            Link(FACET_VALUE[facet][other], None if other == value else root + facet_page(facet, other))
            for other in FACET_VALUES[facet]
            if (facet, other) in _LISTED
        ),
        tools=tuple(make_row(one) for one in part.rows),
        pager=part.pager,
    )


def facet_page(facet: Facet, value: str, number: int = 1) -> str:
    """Locate a page of the list of the tools that have a facet's value."""
    return locate_part(_folder(facet, value), number)


def link_value(facet: Facet, value: str) -> Link:
    """Name a facet's value, and lead to its list from the root of the site if it has one."""
    words = f"{FACET_LABEL[facet]} {FACET_VALUE[facet].get(value, value)}"
    return Link(words, facet_page(facet, value) if (facet, value) in LISTED else None)


def make_facets_page(tally: FacetTally, base_url: str) -> tuple[str, FacetsPage]:
    """Make the page of all facets, with its path."""
    summary = "Eight questions about every MCP tool, how many tools have which answer, and lists of those that matter."
    unassessed = plural(tally.unassessed, "tool")
    return FACETS, FacetsPage(
        frame=make_frame("Eight facets of MCP tools", summary, FACETS, "facets", base_url),
        count=plural(tally.assessed, "tool"),
        unassessed=unassessed if tally.unassessed else "",
        facets=tuple(
            FacetCard(facet.value, FACET_LABEL[facet], FACET_MEANS[facet], _values(tally, facet)) for facet in Facet
        ),
    )


def _folder(facet: Facet, value: str) -> str:
    return f"facets/{facet.value}/{value}"


def _values(tally: FacetTally, facet: Facet) -> tuple[ValueRow, ...]:
    counts = {value: tally.count(facet, value) for value in FACET_VALUES[facet]}
    total, greatest = sum(counts.values()), max(counts.values())
    return tuple(
        ValueRow(
            FACET_VALUE[facet][value],
            facet_page(facet, value) if (facet, value) in LISTED else None,
            f"{count:,}",
            share(count, total),
            bar_width(count, greatest),
        )
        for value, count in counts.items()
    )


def _by_risk(tally: FacetTally, facet: Facet, value: str) -> tuple[ChartRow, ...]:
    counts = {risk: tally.cells[facet, value, risk] for risk in reversed(Risk)}
    total, greatest = sum(counts.values()), max(counts.values())
    return tuple(
        ChartRow(
            *(str(risk), risk.lower(), urls.risk_page(risk), RISK_MEANS[risk]),
            *(f"{count:,}", share(count, total), bar_width(count, greatest)),
        )
        for risk, count in counts.items()
    )
