"""Threats and contradictions in the definitions of tools: what was looked for, what was found, and where.

Not for looking: the classifier's rules did that.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalog.vocabulary import Severity
from classifier import hints
from classifier.rule import Threat
from classifier.rules import RULES
from site_builder.brief import FindingBrief, Listed, ServerBrief, make_row
from site_builder.frames import make_frame
from site_builder.paging import Part, locate_part
from site_builder.parts import Badge, Frame, Link, Pager
from site_builder.riskiest import RiskiestLists
from site_builder.wording import plural

FINDINGS = "findings/index.html"
OTHER = "other"
_PATH = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
_HINT_SEVERITIES = (Severity.MEDIUM, Severity.LOW)

Kind = tuple[str, Severity]


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule looks for: its name, its question, and the way to its page from the root of the site if it has one.

    `means` says why it matters, `advice` what to do about it.
    """

    title: str
    asks: str
    means: str
    advice: str
    href: str | None


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of finding, and how often it was found; its list stands at `href`, if anything is in it."""

    title: str
    asks: str
    severity: str
    count: str
    href: str | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: its tool, what the rule says, and the words it rests on."""

    tool: Link
    server: Link
    badge: Badge
    says: str
    quote: str
    field: str


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """What was looked for, over how many tools, and what was found."""

    frame: Frame
    found: str
    on: str
    looked_at: str
    unassessed: str
    found_kinds: tuple[KindRow, ...]
    other_kinds: tuple[KindRow, ...]


@dataclass(frozen=True, slots=True)
class FindingListPage:
    """The findings of one rule and one severity."""

    frame: Frame
    heading: str
    severity: str
    question: Question
    count: str
    rows: tuple[FindingRow, ...]
    pager: Pager | None


_HINTS = Question(
    "Declares what the verdict contradicts",
    "Does the server declare a hint about the tool that its own words speak against?",
    "A client that trusts such a hint asks less, or asks for nothing.",
    "Do not let a client approve calls by declared hints alone; tell the server's maker.",
    None,
)
_UNKNOWN = Question(
    "Noticed by a rule of another release",
    "What did a rule notice that this release does not have?",
    "The verdict is of another release than this site.",
    "Classify the catalog again.",
    None,
)
_QUESTIONS: Mapping[str, Question] = {
    **{
        rule.id: Question(rule.title, rule.question, rule.rationale, rule.remediation, f"rules/{rule.id}/index.html")
        for rule in RULES
        if isinstance(rule.says, Threat)
    },
    hints.RULE_ID: _HINTS,
}
ASKED: tuple[Kind, ...] = (
    *((rule.id, rule.severity) for rule in RULES if isinstance(rule.says, Threat)),
    *((hints.RULE_ID, severity) for severity in _HINT_SEVERITIES),
)


class FindingTally:
    """Counts findings by rule and severity, and keeps those of the riskiest tools.

    `tools` are the tools that have any, `assessed` those that were looked at.
    """

    def __init__(self) -> None:
        self.kinds: Counter[Kind] = Counter()
        self.lists: RiskiestLists[Kind, tuple[Listed, FindingBrief]] = RiskiestLists()
        self.tools = 0
        self.assessed = 0
        self.unassessed = 0

    def add(self, server: ServerBrief) -> None:
        """Count a server's findings."""
        for tool in server.tools:
            if tool.risk is None:
                self.unassessed += 1
                continue
            self.assessed += 1
            self.tools += bool(tool.findings)
            for found in tool.findings:
                kind = _kind(found)
                self.kinds[kind] += 1
                self.lists.add(kind, tool.risk, (Listed(server.slug, server.label, tool), found))


def make_finding_pages(tally: FindingTally, base_url: str) -> Iterator[tuple[str, FindingListPage]]:
    """Make the pages that list the findings of a rule and severity, riskiest tools first; each with its path."""
    for kind in sorted(tally.kinds):
        for part in tally.lists.cut(kind, _folder(kind)):
            yield part.path, _make_finding_page(tally, kind, part, base_url)


def _make_finding_page(
    tally: FindingTally, kind: Kind, part: Part[tuple[Listed, FindingBrief]], base_url: str
) -> FindingListPage:
    rule, severity = kind
    question = _QUESTIONS.get(rule, _UNKNOWN)
    count = plural(tally.kinds[kind], "finding")
    title = f"{question.title}: {count} of severity {severity}"
    return FindingListPage(
        frame=make_frame(title, question.asks, part.path, "findings", base_url),
        heading=question.title,
        severity=severity.value,
        question=question,
        count=count,
        rows=tuple(_row(*one) for one in part.rows),
        pager=part.pager,
    )


def finding_page(rule: str, severity: Severity, number: int = 1) -> str:
    """Locate a page of the list of a rule's findings of one severity."""
    return locate_part(_folder((rule, severity)), number)


def make_findings_page(tally: FindingTally, base_url: str) -> tuple[str, FindingsPage]:
    """Make the page of what was looked for and found, with its path."""
    total = tally.kinds.total()
    found = [kind for kind in _by_severity(tally.kinds) if tally.kinds[kind]]
    other = [kind for kind in _by_severity(ASKED) if not tally.kinds[kind]]
    looked_at = plural(tally.assessed, "tool")
    summary = f"{plural(total, 'finding') if total else 'None found'} in the definitions of {looked_at}, with quotes."
    return FINDINGS, FindingsPage(
        frame=make_frame("Threats and contradictions", summary, FINDINGS, "findings", base_url),
        found=plural(total, "finding") if total else "",
        on=plural(tally.tools, "tool"),
        looked_at=looked_at,
        unassessed=plural(tally.unassessed, "tool") if tally.unassessed else "",
        found_kinds=tuple(_kind_row(kind, tally.kinds[kind]) for kind in found),
        other_kinds=tuple(_kind_row(kind, 0) for kind in other),
    )


def _kind(found: FindingBrief) -> Kind:
    # A rule's id becomes part of an address: one that is none of ours might not be fit for that.
    return (found.rule if _PATH.fullmatch(found.rule) else OTHER), found.severity


def _folder(kind: Kind) -> str:
    rule, severity = kind
    return f"findings/{severity.value}/{rule}"


def _by_severity(kinds: Iterator[Kind] | tuple[Kind, ...] | Counter[Kind]) -> list[Kind]:
    order = list(Severity)
    return sorted(kinds, key=lambda kind: (-order.index(kind[1]), kind[0]))


def _kind_row(kind: Kind, count: int) -> KindRow:
    rule, severity = kind
    question = _QUESTIONS.get(rule, _UNKNOWN)
    href = finding_page(rule, severity) if count else question.href
    return KindRow(question.title, question.asks, severity.value, f"{count:,}", href)


def _row(listed: Listed, found: FindingBrief) -> FindingRow:
    row = make_row(listed)
    return FindingRow(Link(row.name, row.href), row.server, row.badge, found.says, found.quote, found.field)
