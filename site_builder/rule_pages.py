"""The rules that read definitions: an index of them, and a page of each with what it was quoted for.

Not for running them: the classifier did that, and each verdict names the rules it rests on.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.vocabulary import Category, Facet, Severity
from classifier.rule import FacetClaim, Rule, Threat
from classifier.rules import RULES
from site_builder import urls
from site_builder.brief import Listed, ServerBrief, make_row
from site_builder.facet_pages import link_value
from site_builder.finding_pages import FINDINGS
from site_builder.frames import make_frame
from site_builder.parts import Fact, Frame, Link, ToolRow
from site_builder.wording import CATEGORY_MEANS, FACET_LABEL, plural

INDEX = "rules/index.html"
_EXAMPLES = 12
_A_SERVER = 2  # one server whose tools are all alike would fill the list
_KNOWN = frozenset(rule.id for rule in RULES)
_SEVERITY_MEANS = {
    Severity.INFO: "info: worth knowing",
    Severity.LOW: "low: it says little by itself",
    Severity.MEDIUM: "medium: worth a look",
    Severity.HIGH: "high: it matters if it is true",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the index: its address starts at the root of the site."""

    title: str
    href: str
    question: str
    severity: str
    count: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The rules that speak for one thing."""

    id: str
    heading: str
    means: str
    rules: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True)
class RulesPage:
    """All rules, by what they speak for."""

    frame: Frame
    count: str
    looked_at: str
    groups: tuple[RuleGroup, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule: what it asks, why, and which tools it was quoted for."""

    frame: Frame
    title: str
    question: str
    rationale: str
    remediation: str
    remarks: tuple[str, ...]
    references: tuple[Link, ...]
    facts: tuple[Fact, ...]
    count: str
    looked_at: str
    tools: tuple[ToolRow, ...]


class RuleTally:
    """Counts the tools whose verdict rests on each rule, and keeps the first few of them."""

    def __init__(self) -> None:
        self.tools: Counter[str] = Counter()
        self.examples: dict[str, list[ToolRow]] = defaultdict(list)
        self.assessed = 0

    def add(self, server: ServerBrief) -> None:
        """Count a server's tools."""
        shown: Counter[str] = Counter()
        for tool in server.tools:
            if tool.risk is None:
                continue
            self.assessed += 1
            for rule in _KNOWN.intersection(tool.rules):
                self.tools[rule] += 1
                if shown[rule] < _A_SERVER and len(self.examples[rule]) < _EXAMPLES:
                    shown[rule] += 1
                    self.examples[rule].append(make_row(Listed(server.slug, server.label, tool)))


def rule_page(rule: str) -> str:
    """Locate a rule's page by its id."""
    return f"rules/{rule}/index.html"


def make_rules_page(tally: RuleTally, base_url: str) -> tuple[str, RulesPage]:
    """Make the index of all rules, with its path."""
    summary = f"The {len(RULES)} questions that are asked of every tool definition, by what an answer speaks for."
    groups: list[RuleGroup] = [
        _group(
            f"speaks-{one.lower()}", f"Speak for {one}", CATEGORY_MEANS[one], [r for r in RULES if r.says is one], tally
        )
        for one in Category
    ]
    groups += [_group(one.value, FACET_LABEL[one], "", [r for r in RULES if _facet(r) is one], tally) for one in Facet]
    threats = [rule for rule in RULES if isinstance(rule.says, Threat)]
    groups.append(_group("threats", "Threats", "Something is wrong with the definition itself.", threats, tally))
    return INDEX, RulesPage(
        frame=make_frame("Rules", summary, INDEX, "rules", base_url),
        count=plural(len(RULES), "rule"),
        looked_at=plural(tally.assessed, "tool"),
        groups=tuple(group for group in groups if group.rules),
    )


def make_rule_pages(tally: RuleTally, base_url: str) -> Iterator[tuple[str, RulePage]]:
    """Make a page of each rule, with its path."""
    for rule in RULES:
        path = rule_page(rule.id)
        yield (
            path,
            RulePage(
                frame=make_frame(f"Rule: {rule.title}", rule.question, path, "rules", base_url),
                title=rule.title,
                question=rule.question,
                rationale=rule.rationale,
                remediation=rule.remediation,
                remarks=_remarks(rule),
                references=tuple(Link(one, urls.web_link(one)) for one in rule.references),
                facts=_facts(rule, urls.way_up(path)),
                count=f"{tally.tools[rule.id]:,}" if tally.tools[rule.id] else "",
                looked_at=plural(tally.assessed, "tool"),
                tools=tuple(tally.examples.get(rule.id, ())),
            ),
        )


def _facet(rule: Rule) -> Facet | None:
    return rule.says.facet if isinstance(rule.says, FacetClaim) else None


def _group(id_: str, heading: str, means: str, rules: list[Rule], tally: RuleTally) -> RuleGroup:
    rows = (
        RuleRow(rule.title, rule_page(rule.id), rule.question, rule.severity.value, f"{tally.tools[rule.id]:,}")
        for rule in rules
    )
    return RuleGroup(id_, heading, means, tuple(rows))


def _remarks(rule: Rule) -> tuple[str, ...]:
    remarks = [
        (rule.decisive, "Where it answers yes, its effect holds, whatever else the definition says."),
        (rule.narrows, "It tells a sense that its words do not usually have."),
        (rule.general, "It says least of all: where another rule says the same, that one is quoted."),
    ]
    return tuple(words for holds, words in remarks if holds)


def _facts(rule: Rule, root: str) -> tuple[Fact, ...]:
    says = rule.says
    if isinstance(says, Category):
        speaks = Fact("Speaks for", str(says), root + urls.category_page(says))
    elif isinstance(says, FacetClaim):
        link = link_value(says.facet, says.value)
        speaks = Fact("Speaks for", link.label, root + link.href if link.href else None)
    else:
        speaks = Fact("Speaks for", f"a threat: {says.name}", root + FINDINGS)
    return Fact("Id", rule.id, code=True), speaks, Fact("Severity", _SEVERITY_MEANS[rule.severity])
