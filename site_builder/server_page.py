"""From a server's record, and what changed in its tools, to what its page shows."""

from collections.abc import Sequence

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.vocabulary import Category, Outcome, Risk, Role
from site_builder import urls
from site_builder.annotations import suggest_for_server
from site_builder.api.addresses import server_document
from site_builder.changes import CHANGES_A_PAGE, find_pages, make_change_rows
from site_builder.charts import stack_risks
from site_builder.combination_pages import server_combinations
from site_builder.compare_page import COMPARE
from site_builder.foreign_text import show_line, show_text
from site_builder.judged import JudgedServer
from site_builder.pages import ServerPage
from site_builder.parts import BadgeEmbed, Fact, Frame, Link, ToolGroup
from site_builder.policies import find_gaps, server_policy
from site_builder.reporting import guide_report
from site_builder.rows import count_categories, count_risks, display_name, make_tool_row, risk_badge, tool_risk
from site_builder.structured import describe_software, describe_trail, embed_graph
from site_builder.token_cost import find_counter, make_token_cost
from site_builder.wording import (
    CLAIM_MEANS,
    NOT_ANALYSED_MEANS,
    OUTCOME_LABEL,
    OUTCOME_MEANS,
    RISK_MEANS,
    ROLE_LABEL,
    day,
    plural,
)

_REASONS = 20
_SOURCES = 12


def make_server_page(
    of: JudgedServer, base_url: str, changes: Sequence[ToolChange] = (), report_url: str = ""
) -> ServerPage:
    """Make the context of a server's page; `changes` are those in its feed, and without any it has no feed.

    `report_url` is where reports of wrong verdicts are taken, if anywhere.
    """
    server = of.server
    path = urls.server_page(server.slug)
    root = urls.way_up(path)
    risks = count_risks(server)
    name = display_name(server)
    highest = next((risk for risk in reversed(Risk) if risks[risk]), None)
    links: dict[Risk | None, str] = {risk: f"#{risk.lower()}" for risk in Risk}
    lead = _lead(server)
    newest = changes[:CHANGES_A_PAGE]
    return ServerPage(
        frame=Frame(
            title=f"{show_line(name, 80)}: {_summarise_tools(server)}",
            summary=f"{show_line(name, 80)}: {lead}",
            root=root,
            section="servers",
            canonical=urls.absolute(base_url, path) if base_url else None,
            feed=Link(feed_title(server), urls.FEED) if changes else None,
        ),
        name=name,
        lead=lead,
        description=show_text(server.description or "", 600),
        profile=stack_risks(risks, {**links, None: "#unknown"}),
        tool_count=f"{len(server.tools):,}",
        highest=risk_badge(highest) if server.tools else None,
        effects=_effects(server, root),
        outcome=OUTCOME_LABEL[server.outcome],
        outcome_means=OUTCOME_MEANS[server.outcome],
        outcome_kind=server.outcome.value,
        reasons=tuple(show_line(reason, 300) for reason in server.reasons[:_REASONS]),
        reasons_more=max(0, len(server.reasons) - _REASONS),
        groups=_groups(of),
        changes=make_change_rows(newest, find_pages(server, newest)),
        policy=server_policy(of, "policy.json") if server.tools else None,
        formats="policy/index.html",
        gaps=find_gaps(of),
        combinations=server_combinations(server),
        hints=suggest_for_server(server),
        cost=make_token_cost(server, find_counter()) if server.tools else None,
        embed=_embed(server, highest, base_url),
        compare=f"{root}{COMPARE}?a={server.slug}" if server.tools else None,
        report=guide_report(server, None, report_url),
        structured_data=embed_graph(
            describe_trail(base_url, ((name, path),)), describe_software(server, name, base_url)
        ),
        facts=_facts(server, root),
    )


def _embed(server: CatalogServer, highest: Risk | None, base_url: str) -> BadgeEmbed:
    image, page = urls.server_badge(server.slug), urls.server_page(server.slug)
    shown, leads = (urls.absolute(base_url, path) if base_url else path for path in (image, page))
    text = f"[![MCP tool risk]({shown})]({leads})\n"
    says = f"Badge: highest risk {highest}" if highest else "Badge: not analysed"
    return BadgeEmbed("badge.svg", says, text, bool(base_url))


def feed_title(server: CatalogServer) -> str:
    """Name the feed of what changed in a server's tools."""
    return f"Changes in the tools of {show_line(display_name(server), 80)}"


def _summarise_tools(server: CatalogServer) -> str:
    if server.tools:
        return f"{plural(len(server.tools), 'tool')} by risk"
    return OUTCOME_LABEL[server.outcome].lower()


def _lead(server: CatalogServer) -> str:
    if not server.tools:
        return OUTCOME_MEANS[server.outcome]
    counts = count_categories(server)
    parts = [
        f"{counts[category]:,} {verb}"
        for category, verb in (
            (Category.FINANCIAL, "can move money"),
            (Category.DESTRUCTIVE, "can destroy"),
            (Category.EXECUTE, "can make something run"),
            (Category.WRITE, "can change or send"),
            (Category.READ, "only read"),
        )
        if counts[category]
    ]
    unknown = len(server.tools) - counts.total()
    if unknown:
        parts.append(f"{unknown:,} not analysed")
    return f"Of {plural(len(server.tools), 'tool')}, {', '.join(parts)}."


def _effects(server: CatalogServer, root: str) -> tuple[Link, ...]:
    counts = count_categories(server)
    return tuple(
        Link(f"{category} {counts[category]:,}", root + urls.category_page(category))
        for category in reversed(Category)
        if counts[category]
    )


def _groups(of: JudgedServer) -> tuple[ToolGroup, ...]:
    order: tuple[Risk | None, ...] = (*reversed(Risk), None)
    groups = []
    for risk in order:
        rows = tuple(make_tool_row(of.server, one) for one in of.tools if tool_risk(one.tool) is risk)
        if rows:
            groups.append(ToolGroup(risk_badge(risk), RISK_MEANS[risk] if risk else NOT_ANALYSED_MEANS, rows))
    return tuple(groups)


def _facts(server: CatalogServer, root: str) -> tuple[Fact, ...]:
    facts = [
        Fact("Name", show_line(server.name, 240), code=True),
        Fact("Version", show_line(server.version or "", 60), code=True),
        Fact("Source", show_line(server.target, 240), code=True),
        Fact("Repository", show_line(server.repository or "", 200), urls.web_link(server.repository)),
        Fact("Claim on the repository", CLAIM_MEANS[server.claim] if server.claim else ""),
        Fact("Home page", show_line(server.homepage or "", 200), urls.web_link(server.homepage)),
        Fact("Role", ROLE_LABEL[server.role] if server.role is not Role.SERVER else ""),
        Fact("Licence", show_line(server.licence or "", 80)),
        Fact("Commit", show_line((server.commit or "")[:12], 12), code=True),
        Fact("Digest", show_line(server.digest[:16], 16), code=True),
        Fact("Listed by", ", ".join(_show_source(source) for source in server.listed_by[:_SOURCES])),
        Fact("Looked at", day(server.looked_at)),
        Fact("Last checked", day(server.checked_at or "")),
        Fact("For programs", "JSON document", root + server_document(server.slug)),
        Fact("Reading", OUTCOME_LABEL[server.outcome] if server.outcome is not Outcome.FAILED else "Failed"),
    ]
    return tuple(fact for fact in facts if fact.value)


def _show_source(source: str) -> str:
    return "whoever made this catalog" if source == "asked" else show_line(source, 60)
