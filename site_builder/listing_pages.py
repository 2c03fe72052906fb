"""From the totals to the pages that list servers and tools: home, categories, risk levels, not analysed."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import TypeVar

from catalog.vocabulary import BASE_RISK, Category, Risk
from site_builder import urls
from site_builder.charts import bar_width, stack_risks
from site_builder.pages import IndexPage, NotAnalysedPage, ToolListPage
from site_builder.parts import ChangeRow, ChartRow, Frame, Link, Pager, ToolRow
from site_builder.totals import Totals
from site_builder.wording import CATEGORY_CONSEQUENCE, CATEGORY_MEANS, RISK_MEANS, day, plural, share

SERVERS_A_PAGE = 500
TOOLS_A_PAGE = 400
FEED_TITLE = "Changes in the tools of MCP servers"

T = TypeVar("T")


def make_index_pages(
    totals: Totals, changes: tuple[ChangeRow, ...], built_at: str, base_url: str
) -> Iterator[tuple[str, IndexPage]]:
    """Make home, and further pages of the list of servers when it is long; each with its path."""
    paths = [urls.index_page(number + 1) for number in range(_page_count(totals.servers, SERVERS_A_PAGE))]
    risks = totals.count_risks()
    links: dict[Risk | None, str] = {risk: urls.risk_page(risk) for risk in Risk}
    unanalysed = plural(len(totals.unanalysed), "tool")
    for number, path in enumerate(paths):
        what = "What every MCP tool can do, and what should stand before it"
        summary = (
            f"A catalog of {plural(len(totals.servers), 'MCP server')} and {plural(totals.tools, 'tool')}: what each "
            "tool can do, the words in its definition that show it, and a recommended policy."
        )
        root = urls.way_up(path)
        feed = Link(FEED_TITLE, urls.FEED) if number == 0 else None
        yield (
            path,
            IndexPage(
                frame=Frame(what, summary, root, "servers", _canonical(base_url, path), feed),
                first=number == 0,
                server_count=f"{len(totals.servers):,}",
                tool_count=f"{totals.tools:,}",
                quote_count=f"{totals.quotes:,}",
                unanalysed=Link(unanalysed, root + urls.NOT_ANALYSED) if totals.unanalysed else None,
                profile=stack_risks(risks, {risk: root + link for risk, link in links.items()}),
                risks=_risk_rows(totals),
                categories=_category_rows(totals),
                changes=changes,
                servers=tuple(_part(totals.servers, number, SERVERS_A_PAGE)),
                pager=_pager(paths, number, len(totals.servers), SERVERS_A_PAGE, root),
                looked_at=day(built_at),
            ),
        )


def make_category_pages(totals: Totals, category: Category, base_url: str) -> Iterator[tuple[str, ToolListPage]]:
    """Make the pages that list a category's tools, highest risk first; each with its path."""
    rows = [row for risk in reversed(Risk) for row in totals.rows.get((category, risk), ())]
    paths = [urls.category_page(category, number + 1) for number in range(_page_count(rows, TOOLS_A_PAGE))]
    breakdown = [(str(risk), risk.lower(), urls.risk_page(risk), totals.cells[category, risk]) for risk in Risk]
    for number, path in enumerate(paths):
        root = urls.way_up(path)
        yield (
            path,
            ToolListPage(
                frame=Frame(
                    f"{category} tools",
                    f"{plural(len(rows), 'MCP tool')} whose strongest effect is {category}. {CATEGORY_MEANS[category]}",
                    root,
                    "categories",
                    _canonical(base_url, path),
                ),
                heading=f"{category} tools",
                kind=BASE_RISK[category].lower(),
                means=CATEGORY_MEANS[category],
                consequence=CATEGORY_CONSEQUENCE[category],
                count=plural(len(rows), "tool"),
                other="Risk",
                breakdown=_chart(list(reversed(breakdown))),
                siblings=tuple(
                    Link(str(other), None if other is category else root + urls.category_page(other))
                    for other in Category
                ),
                tools=tuple(_part(rows, number, TOOLS_A_PAGE)),
                pager=_pager(paths, number, len(rows), TOOLS_A_PAGE, root),
            ),
        )


def make_risk_pages(totals: Totals, risk: Risk, base_url: str) -> Iterator[tuple[str, ToolListPage]]:
    """Make the pages that list a risk level's tools, strongest effect first; each with its path."""
    rows = [row for category in reversed(Category) for row in totals.rows.get((category, risk), ())]
    paths = [urls.risk_page(risk, number + 1) for number in range(_page_count(rows, TOOLS_A_PAGE))]
    breakdown = [
        (str(category), "plain", urls.category_page(category), totals.cells[category, risk])
        for category in reversed(Category)
    ]
    for number, path in enumerate(paths):
        root = urls.way_up(path)
        yield (
            path,
            ToolListPage(
                frame=Frame(
                    f"{risk} risk tools",
                    f"{plural(len(rows), 'MCP tool')} of {risk} risk. {RISK_MEANS[risk]}",
                    root,
                    "risks",
                    _canonical(base_url, path),
                ),
                heading=f"{risk} risk",
                kind=risk.lower(),
                means=RISK_MEANS[risk],
                consequence="",
                count=plural(len(rows), "tool"),
                other="Effect",
                breakdown=_chart(breakdown),
                siblings=tuple(
                    Link(str(other), None if other is risk else root + urls.risk_page(other)) for other in Risk
                ),
                tools=tuple(_part(rows, number, TOOLS_A_PAGE)),
                pager=_pager(paths, number, len(rows), TOOLS_A_PAGE, root),
            ),
        )


def make_not_analysed_page(totals: Totals, base_url: str) -> tuple[str, NotAnalysedPage]:
    """Make the page of what is not known: servers without tools, tools without verdict."""
    path = urls.NOT_ANALYSED
    summary = "Servers whose tools could not be read and tools that have not been classified. Unknown is not safe."
    frame = Frame("Not analysed", summary, urls.way_up(path), "", _canonical(base_url, path))
    shown: tuple[ToolRow, ...] = tuple(totals.unanalysed[:TOOLS_A_PAGE])
    return path, NotAnalysedPage(frame, tuple(totals.silent_servers), shown, len(totals.unanalysed) - len(shown))


def _risk_rows(totals: Totals) -> tuple[ChartRow, ...]:
    counts = totals.count_risks()
    rows = [(str(risk), risk.lower(), urls.risk_page(risk), counts[risk]) for risk in reversed(Risk)]
    if totals.unanalysed:
        rows.append(("Not analysed", "unknown", urls.NOT_ANALYSED, len(totals.unanalysed)))
    return _chart(rows)


def _category_rows(totals: Totals) -> tuple[ChartRow, ...]:
    return _chart(
        [
            (str(category), "plain", urls.category_page(category), totals.count_category(category))
            for category in reversed(Category)
        ]
    )


def _chart(rows: list[tuple[str, str, str, int]]) -> tuple[ChartRow, ...]:
    total = sum(count for *_, count in rows)
    greatest = max((count for *_, count in rows), default=0)
    return tuple(
        ChartRow(
            label,
            kind,
            href,
            _meaning(label),
            f"{count:,}",
            share(count, total),
            bar_width(count, greatest),
        )
        for label, kind, href, count in rows
    )


def _meaning(label: str) -> str:
    meanings = {str(one): means for one, means in (*CATEGORY_MEANS.items(), *RISK_MEANS.items())}
    return meanings.get(label, "")


def _page_count(rows: Sequence[object], size: int) -> int:
    return max(1, ceil(len(rows) / size))


def _part(rows: Sequence[T], number: int, size: int) -> Sequence[T]:
    return rows[number * size : (number + 1) * size]


def _pager(paths: Sequence[str], number: int, total: int, size: int, root: str) -> Pager | None:
    if len(paths) == 1:
        return None
    first, last = number * size + 1, min((number + 1) * size, total)
    return Pager(
        f"{first:,} to {last:,} of {total:,}",
        root + paths[number - 1] if number else None,
        root + paths[number + 1] if number + 1 < len(paths) else None,
    )


def _canonical(base_url: str, path: str) -> str | None:
    return urls.absolute(base_url, path) if base_url else None
