"""Parts that several kinds of page show in the same way: badges, rows of tools and servers."""

from collections import Counter

from catalog.records import CatalogServer, CatalogTool
from catalog.vocabulary import Category, Risk
from site_builder import urls
from site_builder.charts import stack_risks
from site_builder.foreign_text import first_sentence, show_line
from site_builder.judged import JudgedTool
from site_builder.parts import Badge, Link, ServerRow, ToolRow
from site_builder.wording import NOT_ANALYSED, OUTCOME_LABEL, day, decision_words

NAME_LIMIT = 160
_ROW_NAME_LIMIT = 80
_SUMMARY_LIMIT = 150
_STRONG = (Category.FINANCIAL, Category.DESTRUCTIVE, Category.EXECUTE)


_BADGES: dict[Risk | None, Badge] = {None: Badge(NOT_ANALYSED, "unknown")}
_BADGES |= {risk: Badge(str(risk), risk.lower()) for risk in Risk}


def risk_badge(risk: Risk | None) -> Badge:
    """Make the badge of a risk level, or of a tool that was not analysed."""
    return _BADGES[risk]


def tool_risk(tool: CatalogTool) -> Risk | None:
    """Give the tool's risk, None when it was not analysed."""
    return None if tool.assessment is None else tool.assessment.risk


def display_name(server: CatalogServer) -> str:
    """Give the name that people know the server by, as one line."""
    return show_line(server.title or server.name, NAME_LIMIT) or server.slug


def make_tool_row(server: CatalogServer, judged: JudgedTool) -> ToolRow:
    """Make a tool's row, its addresses from the root of the site."""
    tool = judged.tool
    return ToolRow(
        name=show_line(tool.definition.name, _ROW_NAME_LIMIT) or tool.slug,
        href=urls.tool_page(server.slug, tool.slug),
        server=Link(show_line(display_name(server), _ROW_NAME_LIMIT), urls.server_page(server.slug)),
        badge=risk_badge(tool_risk(tool)),
        category=str(tool.assessment.category) if tool.assessment else "Unknown",
        decision=decision_words(judged.recommendation),
        summary=first_sentence(tool.definition.description or tool.definition.title or "", _SUMMARY_LIMIT),
    )


def count_risks(server: CatalogServer) -> Counter[Risk | None]:
    """Count a server's tools by risk; None counts the ones not analysed."""
    return Counter(tool_risk(tool) for tool in server.tools)


def count_categories(server: CatalogServer) -> Counter[Category]:
    """Count a server's analysed tools by category."""
    return Counter(tool.assessment.category for tool in server.tools if tool.assessment)


def make_server_row(server: CatalogServer) -> ServerRow:
    """Make a server's row, its address from the root of the site."""
    risks = count_risks(server)
    categories = count_categories(server)
    order: tuple[Risk | None, ...] = (*reversed(Risk), None)
    return ServerRow(
        name=show_line(display_name(server), _ROW_NAME_LIMIT),
        href=urls.server_page(server.slug),
        version=show_line(server.version or "", 24),
        registry=server.registry,
        looked_at=day(server.looked_at),
        tools=len(server.tools),
        counts=tuple(risks[risk] for risk in order),
        effects=", ".join(str(category) for category in _STRONG if categories[category]),
        profile=stack_risks(risks),
        outcome=OUTCOME_LABEL[server.outcome],
        outcome_kind=server.outcome.value,
    )
