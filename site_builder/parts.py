"""What pages are put together from: frozen values that hold only what a template prints.

Not for deciding anything: the modules that make them do that.
"""

from dataclasses import dataclass

from site_builder.attacks import Attack
from site_builder.charts import StackedBar


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; no address makes them plain words."""

    label: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has around it. `root` is the way from the page to the root of the site, `feed` its Atom feed.

    A `hidden` page asks search engines to leave it out.
    """

    title: str
    summary: str
    root: str
    section: str
    canonical: str | None = None
    feed: Link | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A risk level, as a word and as the class that draws it."""

    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts."""

    label: str
    value: str
    href: str | None = None
    code: bool = False


@dataclass(frozen=True, slots=True)
class ToolRow:
    """A tool in a list. Addresses start at the root of the site."""

    name: str
    href: str
    server: Link
    badge: Badge
    category: str
    decision: str
    summary: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted words, where they stand in the definition, and what they say."""

    field: str
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class FindingCard:
    """A threat or contradiction that a rule noticed."""

    severity: str
    says: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class RiskStep:
    """The risk after one step, and the step's reason."""

    badge: Badge
    reason: str


@dataclass(frozen=True, slots=True)
class Share:
    """A category's probability, with the width of its bar."""

    label: str
    percent: str
    width: str


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One facet as a question, its answer, and the words it rests on."""

    question: str
    answer: str
    notable: bool
    quote: str
    field: str


@dataclass(frozen=True, slots=True)
class AttackCard:
    """A documented attack beside a tool, and what the two share."""

    attack: Attack
    href: str
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer, both in whole sentences."""

    asks: str
    answer: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A recommended policy: what it decides, why, its document, and where the file is."""

    decision: str
    reasons: tuple[str, ...]
    text: str
    href: str
    name: str


@dataclass(frozen=True, slots=True)
class BadgeEmbed:
    """A server's badge, seen from its page: what it says, and the Markdown that shows it in a README."""

    href: str
    says: str
    text: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an assessment says of a tool."""

    category: Link
    means: str
    consequence: str
    rationale: str
    confidence: str
    reviewer: str
    second_choice: str
    shares: tuple[Share, ...]
    steps: tuple[RiskStep, ...]
    needs_review: bool
    evidence: tuple[Quote, ...]
    findings: tuple[FindingCard, ...]
    facets: tuple[FacetRow, ...]
    attacks: tuple[AttackCard, ...]


@dataclass(frozen=True, slots=True)
class ToolGroup:
    """The tools of one risk level."""

    badge: Badge
    means: str
    tools: tuple[ToolRow, ...]


@dataclass(frozen=True, slots=True)
class ServerRow:
    """A server in a list, its address from the root of the site. `counts` are by risk, highest first, unknown last."""

    name: str
    href: str
    version: str
    registry: str
    looked_at: str
    tools: int
    counts: tuple[int, ...]
    effects: str
    profile: StackedBar
    outcome: str
    outcome_kind: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Something that happened to a tool. Addresses start at the root of the site; what has no page has none."""

    day: str
    tool: Link
    server: Link
    versions: str
    says: str
    notable: bool


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A bar with its label, its meaning, its count and its share; its address starts at the root of the site."""

    label: str
    kind: str
    href: str
    means: str
    count: str
    share: str
    width: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Which part of a long list this is; `more` leads to the rows that no part shows, if there are any."""

    says: str
    previous: str | None
    following: str | None
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class MeaningRow:
    """A category or level and what it means."""

    label: str
    means: str
    badge: Badge
