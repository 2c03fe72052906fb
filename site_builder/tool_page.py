"""From a tool's record to what its page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalog.records import Assessment, CatalogTool, Evidence
from catalog.vocabulary import Category, Facet, Risk
from site_builder import urls
from site_builder.api.addresses import server_document
from site_builder.attacks import AttackList
from site_builder.charts import bar_width
from site_builder.foreign_text import mark_passages, show_line, show_text
from site_builder.hints import compare_hints
from site_builder.judged import JudgedServer, JudgedTool
from site_builder.pages import ToolPage
from site_builder.parameters import list_parameters
from site_builder.parts import (
    AttackCard,
    FacetRow,
    Fact,
    FindingCard,
    Frame,
    Link,
    Quote,
    RiskStep,
    Share,
    ToolRow,
    Verdict,
)
from site_builder.policies import tool_policy
from site_builder.questions import answer_questions
from site_builder.reporting import guide_report
from site_builder.rows import NAME_LIMIT, display_name, make_tool_row, risk_badge, tool_risk
from site_builder.structured import describe_questions, describe_trail, embed_graph
from site_builder.wording import (
    CATEGORY_CONSEQUENCE,
    CATEGORY_MEANS,
    FACET_LABEL,
    FACET_VALUE,
    NOT_ANALYSED_MEANS,
    QUIET_VALUES,
    day,
    evidence_field_words,
    percent,
)

_DESCRIPTION_LIMIT = 3_000
_QUOTE_LIMIT = 400
_QUOTES = 12
_RELATED = 8
_LEVELS = tuple(Risk)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all pages of a server's tools show alike.

    `root` is the way up from each, `alike` the first tools of a category with their rows, `before` and `after` the
    facts about the server that stand around those about the tool.
    """

    root: str
    name: str
    link: Link
    alike: Mapping[Category, tuple[tuple[JudgedTool, ToolRow], ...]]
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]


@lru_cache(maxsize=1)
def _share(of: JudgedServer) -> _Shared:
    server = of.server
    root = urls.way_up(urls.tool_page(server.slug, "tool"))
    name = display_name(server)
    link = Link(name, root + urls.server_page(server.slug))
    before = (
        Fact("Server", name, link.href),
        Fact("Version", show_line(server.version or "", 60), code=True),
        Fact("Commit", show_line((server.commit or "")[:12], 12), code=True),
        Fact("Source", show_line(server.target, 240), code=True),
        Fact("Repository", show_line(server.repository or "", 200), urls.web_link(server.repository)),
    )
    return _Shared(
        root=root,
        name=name,
        link=link,
        alike={
            category: tuple((one, make_tool_row(server, one)) for one in tools[: _RELATED + 1])
            for category, tools in of.alike.items()
        },
        before=tuple(fact for fact in before if fact.value),
        after=(
            Fact("Looked at", day(server.looked_at)),
            Fact("For programs", "JSON document of the server", root + server_document(server.slug)),
        ),
    )


def make_tool_page(
    of: JudgedServer, judged: JudgedTool, attacks: AttackList, base_url: str, report_url: str = ""
) -> ToolPage:
    """Make the context of one tool's page; `report_url` is where reports of wrong verdicts are taken, if anywhere."""
    server, tool, shared = of.server, judged.tool, _share(of)
    path = urls.tool_page(server.slug, tool.slug)
    root = shared.root
    definition, assessment = tool.definition, tool.assessment
    questions = answer_questions(definition.name, assessment, judged.recommendation)
    parameters, parameters_more = list_parameters(definition.input_schema)
    related, related_more = _related(of, judged, shared)
    description = definition.description or ""
    name = show_line(definition.name, NAME_LIMIT) or tool.slug
    return ToolPage(
        frame=_frame(tool, shared, urls.absolute(base_url, path) if base_url else None),
        name=name,
        title=_title(definition.title, definition.name),
        server=shared.link,
        badge=risk_badge(tool_risk(tool)),
        withdrawn=day(tool.withdrawn_at) if tool.withdrawn_at else "",
        lead=CATEGORY_MEANS[assessment.category] if assessment else NOT_ANALYSED_MEANS,
        verdict=_verdict(tool, assessment, attacks, root) if assessment else None,
        description=mark_passages(description, _description_spans(assessment), _DESCRIPTION_LIMIT),
        description_cut=max(0, len(description) - _DESCRIPTION_LIMIT),
        conditional=show_text(definition.conditional or "", 300),
        unresolved=tuple(show_line(part, 200) for part in definition.unresolved[:10]),
        hints=compare_hints(definition, assessment),
        policy=tool_policy(judged, "policy.json"),
        parameters=parameters,
        parameters_more=parameters_more,
        related=related,
        related_more=related_more,
        questions=questions,
        structured_data=embed_graph(
            describe_trail(base_url, ((shared.name, urls.server_page(server.slug)), (name, path))),
            describe_questions(questions),
        ),
        report=guide_report(server, tool, report_url),
        facts=(*shared.before, *_facts(tool), *shared.after, *_whole_name(definition.name)),
    )


def _frame(tool: CatalogTool, shared: _Shared, canonical: str | None) -> Frame:
    name = show_line(tool.definition.name, 80) or tool.slug
    server = show_line(shared.name, 80)
    verdict = f"{tool.assessment.category}, {tool.assessment.risk} risk" if tool.assessment else "not analysed"
    return Frame(
        title=f"{name} on {server}: {verdict}",
        summary=f"What the tool {name} of {server} can do ({verdict}), the words that show it, and a policy for it.",
        root=shared.root,
        section="servers",
        canonical=canonical,
        hidden=tool.withdrawn_at is not None,
    )


def _title(title: str | None, name: str) -> str:
    return show_line(title, NAME_LIMIT) if title and title != name else ""


def _description_spans(assessment: Assessment | None) -> tuple[tuple[int, int], ...]:
    if assessment is None:
        return ()
    return tuple((one.start, one.end) for one in assessment.evidence if one.field == "description")


def _verdict(tool: CatalogTool, assessment: Assessment, attacks: AttackList, root: str) -> Verdict:
    category = assessment.category
    second = assessment.second_choice
    chance = percent(assessment.probabilities.get(second, 0.0))
    return Verdict(
        category=Link(str(category), root + urls.category_page(category)),
        means=CATEGORY_MEANS[category],
        consequence=CATEGORY_CONSEQUENCE[category],
        rationale=show_text(assessment.rationale, 1_500),
        confidence="Reviewed" if assessment.override else percent(assessment.confidence),
        reviewer=show_line(assessment.override.reviewer, 80) if assessment.override else "",
        second_choice=f"{second}, {chance}",
        shares=_shares(assessment),
        steps=_risk_steps(assessment),
        needs_review=assessment.needs_review,
        evidence=tuple(_quote(one) for one in assessment.evidence[:_QUOTES]),
        findings=tuple(
            FindingCard(one.severity.capitalize(), show_text(one.says, 400), _quote(one.evidence))
            for one in assessment.findings[:_QUOTES]
        ),
        facets=_facet_rows(assessment),
        attacks=tuple(
            AttackCard(found.attack, root + urls.attack_anchor(found.attack.id), found.says)
            for found in attacks.match(tool, assessment)
        ),
    )


def _quote(evidence: Evidence) -> Quote:
    field = show_line(evidence_field_words(evidence), 160)
    return Quote(field, show_text(evidence.quote, _QUOTE_LIMIT), show_text(evidence.says, 300))


def _shares(assessment: Assessment) -> tuple[Share, ...]:
    ranked = sorted(assessment.probabilities.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Share(str(category), percent(chance), bar_width(chance, 1)) for category, chance in ranked)


def _risk_steps(assessment: Assessment) -> tuple[RiskStep, ...]:
    """Show the risk after each move; the last step says the risk itself, also where a limit held it."""
    at = _LEVELS.index(assessment.base_risk)
    steps = [RiskStep(risk_badge(assessment.base_risk), f"The base risk of {assessment.category}")]
    for move in assessment.moves:
        at = min(max(at + move.delta, 0), len(_LEVELS) - 1)
        steps.append(RiskStep(risk_badge(_LEVELS[at]), f"{show_line(move.reason, 200)} ({move.delta:+d})"))
    if _LEVELS[at] is not assessment.risk:
        steps.append(RiskStep(risk_badge(assessment.risk), f"The limit for {assessment.category}"))
    return tuple(steps)


def _facet_rows(assessment: Assessment) -> tuple[FacetRow, ...]:
    held = ((facet, assessment.facets.get(facet)) for facet in FACET_LABEL)
    return tuple(
        _facet_row(facet, value.value, value.evidence) if value.evidence else _plain_facet_row(facet, value.value)
        for facet, value in held
        if value is not None
    )


@lru_cache(maxsize=100)
def _plain_facet_row(facet: Facet, value: str) -> FacetRow:
    return _facet_row(facet, value, None)


def _facet_row(facet: Facet, value: str, evidence: Evidence | None) -> FacetRow:
    return FacetRow(
        FACET_LABEL[facet],
        FACET_VALUE[facet].get(value, value),
        value not in QUIET_VALUES,
        show_line(evidence.quote, 160) if evidence else "",
        show_line(evidence_field_words(evidence), 160) if evidence else "",
    )


def _related(of: JudgedServer, judged: JudgedTool, shared: _Shared) -> tuple[tuple[ToolRow, ...], Link | None]:
    assessment = judged.tool.assessment
    if assessment is None:
        return (), None
    alike = shared.alike.get(assessment.category, ())
    rows = tuple(row for other, row in alike if other is not judged)[:_RELATED]
    more = len(of.alike.get(assessment.category, ())) - (judged.tool.withdrawn_at is None) - len(rows)
    if more <= 0:
        return rows, None
    return rows, Link(f"All tools of this server ({more} more like this)", urls.server_page(of.server.slug))


def _facts(tool: CatalogTool) -> tuple[Fact, ...]:
    first_seen = Fact("First seen", day(tool.first_seen))
    origin = tool.definition.origin
    if origin is None:
        return (first_seen,)
    pattern = show_line(origin.pattern, 120)
    where = Fact("Defined at", f"{show_line(origin.path, 240)}:{origin.line}", code=True)
    return (where, Fact("Found by", pattern), first_seen) if pattern else (where, first_seen)


def _whole_name(name: str) -> tuple[Fact, ...]:
    return (Fact("Whole name", show_text(name, 1_000), code=True),) if len(name) > NAME_LIMIT else ()
