"""What each page shows: one frozen context a page, holding only what its template prints.

Not for deciding anything: the modules that make the contexts do that.
"""

from dataclasses import dataclass

from markupsafe import Markup

from site_builder.accuracy import Measured
from site_builder.annotations import SuggestedHints
from site_builder.charts import StackedBar
from site_builder.combination_pages import ServerCombination
from site_builder.foreign_text import Passage
from site_builder.hints import HintComparison
from site_builder.parameters import Parameter
from site_builder.parts import (
    Badge,
    BadgeEmbed,
    ChangeRow,
    ChartRow,
    Fact,
    Frame,
    Link,
    MeaningRow,
    Pager,
    Policy,
    Question,
    ServerRow,
    ToolGroup,
    ToolRow,
    Verdict,
)
from site_builder.reporting import ReportGuide
from site_builder.structured import describe_site, embed_graph
from site_builder.token_cost import TokenCost


@dataclass(frozen=True, slots=True)
class ToolPage:
    """A tool: verdict, evidence, policy; `withdrawn` is the day on which it was first missed."""

    frame: Frame
    name: str
    title: str
    server: Link
    badge: Badge
    withdrawn: str
    lead: str
    verdict: Verdict | None
    description: tuple[Passage, ...]
    description_cut: int
    conditional: str
    unresolved: tuple[str, ...]
    hints: tuple[HintComparison, ...]
    policy: Policy
    parameters: tuple[Parameter, ...]
    parameters_more: int
    related: tuple[ToolRow, ...]
    related_more: Link | None
    questions: tuple[Question, ...]
    structured_data: Markup
    report: ReportGuide
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ServerPage:
    """A server: its profile, its tools by risk, its policy, what changed."""

    frame: Frame
    name: str
    lead: str
    description: str
    profile: StackedBar
    tool_count: str
    highest: Badge | None
    effects: tuple[Link, ...]
    outcome: str
    outcome_means: str
    outcome_kind: str
    reasons: tuple[str, ...]
    reasons_more: int
    groups: tuple[ToolGroup, ...]
    changes: tuple[ChangeRow, ...]
    policy: Policy | None
    formats: str
    gaps: tuple[str, ...]
    combinations: tuple[ServerCombination, ...]
    hints: SuggestedHints | None
    cost: TokenCost | None
    embed: BadgeEmbed
    compare: str | None
    structured_data: Markup
    report: ReportGuide
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """Home: what this is, the ecosystem's risk profile, the latest changes, the servers."""

    frame: Frame
    first: bool
    server_count: str
    tool_count: str
    quote_count: str
    unanalysed: Link | None
    profile: StackedBar
    risks: tuple[ChartRow, ...]
    categories: tuple[ChartRow, ...]
    changes: tuple[ChangeRow, ...]
    servers: tuple[ServerRow, ...]
    pager: Pager | None
    looked_at: str

    @property
    def structured_data(self) -> Markup | None:
        """What home says to programs of the whole site, if its public address is known."""
        home = self.frame.canonical
        return embed_graph(describe_site(home)) if self.first and home else None


@dataclass(frozen=True, slots=True)
class ToolListPage:
    """The tools of a category or of a risk level."""

    frame: Frame
    heading: str
    kind: str
    means: str
    consequence: str
    count: str
    other: str
    breakdown: tuple[ChartRow, ...]
    siblings: tuple[Link, ...]
    tools: tuple[ToolRow, ...]
    pager: Pager | None


@dataclass(frozen=True, slots=True)
class NotAnalysedPage:
    """Servers and tools of which nothing is known yet."""

    frame: Frame
    servers: tuple[ServerRow, ...]
    servers_more: int
    tools: tuple[ToolRow, ...]
    tools_more: int


@dataclass(frozen=True, slots=True)
class MethodologyPage:
    """How the catalog is made, and what it cannot know."""

    frame: Frame
    categories: tuple[MeaningRow, ...]
    risks: tuple[MeaningRow, ...]
    outcomes: tuple[Fact, ...]
    looked_at: str
    measured: Measured | None


@dataclass(frozen=True, slots=True)
class NotFoundPage:
    """The page for an address that leads nowhere."""

    frame: Frame
