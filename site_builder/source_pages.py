"""Where servers are listed, how many of them were looked at and how long ago, and what failed and why.

Not for counting: the catalog's status did that. What is due depends on the hour, so no page says it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.status import CatalogStatus, SourceStatus
from catalog.vocabulary import Claim, Outcome
from site_builder.brief import ServerBrief
from site_builder.charts import bar_width
from site_builder.foreign_text import show_line
from site_builder.frames import make_frame
from site_builder.parts import Frame
from site_builder.wording import CLAIM_MEANS, OUTCOME_LABEL, OUTCOME_MEANS, day, plural, share

SOURCES = "sources/index.html"
_PROBLEMS = 200
_SOURCES = 400
_MONTHS = 24
_ASKED = "whoever made this catalog"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source: what it lists, how much of that was looked at, and how its last visit went."""

    name: str
    listed: str
    looked_at: str
    share: str
    withdrawn: str
    visited: str
    problem: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """A label with its meaning, its count, its share and its bar."""

    label: str
    means: str
    count: str
    share: str
    width: str


@dataclass(frozen=True, slots=True)
class CountCard:
    """One way to count the catalog."""

    id: str
    heading: str
    means: str
    rows: tuple[CountRow, ...]


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """What failed, where in the way, and why."""

    target: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """The sources, and how much of what they list is known."""

    frame: Frame
    listed: str
    looked_at: str
    waiting: str
    tools: str
    unclassified: str
    failing: str
    oldest: str
    newest: str
    sources: tuple[SourceRow, ...]
    sources_more: int
    cards: tuple[CountCard, ...]
    problems: tuple[ProblemRow, ...]
    problems_more: str


class AgeTally:
    """Counts the servers by the month in which their files were last read."""

    def __init__(self) -> None:
        self.months: Counter[str] = Counter()

    def add(self, server: ServerBrief) -> None:
        """Count a server."""
        self.months[server.looked_at[:7]] += 1


def make_sources_page(status: CatalogStatus, ages: AgeTally, base_url: str) -> tuple[str, SourcesPage]:
    """Make the page of sources and coverage, with its path."""
    waiting = max(0, status.listed - status.servers)
    summary = f"{plural(status.listed, 'MCP server')} listed, {status.servers:,} looked at, and what failed and why."
    sources = status.sources[:_SOURCES]
    return SOURCES, SourcesPage(
        frame=make_frame("Sources and coverage", summary, SOURCES, "sources", base_url),
        listed=f"{status.listed:,}",
        looked_at=f"{status.servers:,}",
        waiting=plural(waiting, "server") if waiting else "",
        tools=f"{status.tools:,}",
        unclassified=plural(status.unclassified, "tool") if status.unclassified else "",
        failing=plural(status.queue.failing, "place") if status.queue.failing else "",
        oldest=day(status.queue.oldest_check or ""),
        newest=day(status.queue.newest_check or ""),
        sources=tuple(_source(one) for one in sources),
        sources_more=len(status.sources) - len(sources),
        cards=tuple(card for card in _cards(status, ages) if card.rows),
        problems=tuple(
            ProblemRow(show_line(target, 160), show_line(stage, 40), show_line(reason, 300))
            for target, stage, reason in status.problems[:_PROBLEMS]
        ),
        problems_more=plural(len(status.problems) - _PROBLEMS, "more", "more")
        if len(status.problems) > _PROBLEMS
        else "",
    )


def _source(one: SourceStatus) -> SourceRow:
    return SourceRow(
        name=_ASKED if one.name == "asked" else show_line(one.name, 120),
        listed=f"{one.listed:,}",
        looked_at=f"{one.looked_at:,}",
        share=share(one.looked_at, one.listed),
        withdrawn=f"{one.withdrawn:,}",
        visited=day(one.visited_at or ""),
        problem=show_line(one.problem or "", 300),
    )


def _cards(status: CatalogStatus, ages: AgeTally) -> Iterable[CountCard]:
    yield CountCard(
        "outcomes",
        "How far the readings got",
        "Places that were looked at, by what came of it.",
        _rows(status.by_outcome, {one.value: (OUTCOME_LABEL[one], OUTCOME_MEANS[one]) for one in Outcome}),
    )
    yield CountCard(
        "causes",
        "Why looks failed",
        "Looks that failed at present, by cause. They are tried again; what is known from before stays.",
        _rows(status.causes, {}),
    )
    yield CountCard(
        "registries", "Where the files come from", "Servers by where they are published.", _rows(status.by_registry, {})
    )
    yield CountCard(
        "claims",
        "Whether packages and repositories know each other",
        "Packages that name a repository as their own.",
        _rows(status.by_claim, {one.value: _name_and_meaning(CLAIM_MEANS[one]) for one in Claim}),
    )
    yield CountCard("ages", "When servers were read", "Servers by the month of the last reading.", _months(ages))


def _months(ages: AgeTally) -> tuple[CountRow, ...]:
    newest = sorted(ages.months.items(), reverse=True)
    shown = dict(newest[:_MONTHS])
    if earlier := sum(count for _, count in newest[_MONTHS:]):
        shown["earlier"] = earlier
    return _rows(shown, {}, ranked=False)


def _name_and_meaning(words: str) -> tuple[str, str]:
    name, _, meaning = words.partition(": ")
    return name, f"{meaning[:1].upper()}{meaning[1:]}"


def _rows(
    counts: Mapping[str, int], known: Mapping[str, tuple[str, str]], *, ranked: bool = True
) -> tuple[CountRow, ...]:
    total, greatest = sum(counts.values()), max(counts.values(), default=0)
    order = sorted(counts.items(), key=lambda one: (-one[1], one[0])) if ranked else list(counts.items())
    rows = []
    for value, count in order:
        label, means = known.get(value, (value, ""))
        rows.append(
            CountRow(show_line(label, 60), means, f"{count:,}", share(count, total), bar_width(count, greatest))
        )
    return tuple(rows)
