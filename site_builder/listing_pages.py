"""From the totals to the pages that list servers and tools: home, categories, risk levels, not analysed."""

from collections.abc import Iterator, Sequence
from math import ceil

from catalog.vocabulary import BASE_RISK, Category, Risk
from site_builder import urls
from site_builder.brief import make_row
from site_builder.charts import bar_width, stack_risks
from site_builder.frames import make_frame
from site_builder.pages import IndexPage, NotAnalysedPage, ToolListPage
from site_builder.paging import cut_list
from site_builder.parts import ChangeRow, ChartRow, Link, Pager
from site_builder.riskiest import MOST_LISTED
from site_builder.totals import UNKNOWN_LISTED, Totals
from site_builder.wording import CATEGORY_CONSEQUENCE, CATEGORY_MEANS, RISK_MEANS, day, plural, share

SERVERS_A_PAGE = 500
FEED_TITLE = "Changes in the tools of MCP servers"
_FEED = Link(FEED_TITLE, urls.FEED)


def make_index_pages(
    totals: Totals, changes: tuple[ChangeRow, ...], built_at: str, base_url: str
) -> Iterator[tuple[str, IndexPage]]:
    """Make home, and further pages of the list of servers when it is long; each with its path."""
    paths = [urls.index_page(number + 1) for number in range(max(1, ceil(totals.servers / SERVERS_A_PAGE)))]
    risks = totals.count_risks()
    links: dict[Risk | None, str] = {risk: urls.risk_page(risk) for risk in Risk}
    what = "What every MCP tool can do, and what should stand before it"
    summary = (
        f"A catalog of {plural(totals.servers, 'MCP server')} and {plural(totals.tools, 'tool')}: what each "
        "tool can do, the words in its definition that show it, and a recommended policy."
    )
    for number, rows in enumerate(totals.list_servers(SERVERS_A_PAGE)):
        path = paths[number]
        root = urls.way_up(path)
        unanalysed = Link(plural(totals.unanalysed, "tool"), root + urls.NOT_ANALYSED)
        yield (
            path,
            IndexPage(
                frame=make_frame(what, summary, path, "servers", base_url, _FEED if number == 0 else None),
                first=number == 0,
                server_count=f"{totals.servers:,}",
                tool_count=f"{totals.tools:,}",
                quote_count=f"{totals.quotes:,}",
                unanalysed=unanalysed if totals.unanalysed else None,
                profile=stack_risks(risks, {risk: root + link for risk, link in links.items()}),
                risks=_risk_rows(totals),
                categories=_category_rows(totals),
                changes=changes,
                servers=tuple(rows),
                pager=_pager(paths, number, totals.servers, SERVERS_A_PAGE, root),
                looked_at=day(built_at),
            ),
        )


def make_category_pages(totals: Totals, category: Category, base_url: str) -> Iterator[tuple[str, ToolListPage]]:
    """Make the pages that list a category's tools, highest risk first; each with its path."""
    title, count = f"{category} tools", plural(totals.count_category(category), "tool")
    summary = f"{plural(totals.count_category(category), 'MCP tool')} whose strongest effect is {category}."
    breakdown = [(str(risk), risk.lower(), urls.risk_page(risk), totals.cell(category, risk)) for risk in Risk]
    folder = _folder(urls.category_page(category))
    for part in totals.lists.cut(category, folder, f"category={category.lower()}"):
        root = urls.way_up(part.path)
        yield (
            part.path,
            ToolListPage(
                frame=make_frame(title, f"{summary} {CATEGORY_MEANS[category]}", part.path, "categories", base_url),
                heading=title,
                kind=BASE_RISK[category].lower(),
                means=CATEGORY_MEANS[category],
                consequence=CATEGORY_CONSEQUENCE[category],
                count=count,
                other="Risk",
                breakdown=_chart(list(reversed(breakdown))),
                siblings=tuple(
                    Link(str(other), None if other is category else root + urls.category_page(other))
                    for other in Category
                ),
                tools=tuple(make_row(one) for one in part.rows),
                pager=part.pager,
            ),
        )


def make_risk_pages(totals: Totals, risk: Risk, base_url: str) -> Iterator[tuple[str, ToolListPage]]:
    """Make the pages that list a risk level's tools, strongest effect first; each with its path."""
    total = totals.count_risks()[risk]
    rows = [row for category in reversed(Category) for row in totals.lists.kept(category, risk)][:MOST_LISTED]
    title = f"{risk} risk tools"
    summary = f"{plural(total, 'MCP tool')} of {risk} risk. {RISK_MEANS[risk]}"
    breakdown = [
        (str(category), "plain", urls.category_page(category), totals.cell(category, risk))
        for category in reversed(Category)
    ]
    for part in cut_list(_folder(urls.risk_page(risk)), rows, total, f"risk={risk.lower()}"):
        root = urls.way_up(part.path)
        yield (
            part.path,
            ToolListPage(
                frame=make_frame(title, summary, part.path, "risks", base_url),
                heading=f"{risk} risk",
                kind=risk.lower(),
                means=RISK_MEANS[risk],
                consequence="",
                count=plural(total, "tool"),
                other="Effect",
                breakdown=_chart(breakdown),
                siblings=tuple(
                    Link(str(other), None if other is risk else root + urls.risk_page(other)) for other in Risk
                ),
                tools=tuple(make_row(one) for one in part.rows),
                pager=part.pager,
            ),
        )


def make_not_analysed_page(totals: Totals, base_url: str) -> tuple[str, NotAnalysedPage]:
    """Make the page of what is not known: servers without tools, tools without verdict."""
    summary = "Servers whose tools could not be read and tools that have not been classified. Unknown is not safe."
    shown = tuple(make_row(one) for one in totals.lists.kept(None, None)[:UNKNOWN_LISTED])
    return urls.NOT_ANALYSED, NotAnalysedPage(
        frame=make_frame("Not analysed", summary, urls.NOT_ANALYSED, "", base_url),
        servers=tuple(totals.silent_servers),
        servers_more=totals.silent - len(totals.silent_servers),
        tools=shown,
        tools_more=totals.unanalysed - len(shown),
    )


def _risk_rows(totals: Totals) -> tuple[ChartRow, ...]:
    counts = totals.count_risks()
    rows = [(str(risk), risk.lower(), urls.risk_page(risk), counts[risk]) for risk in reversed(Risk)]
    if totals.unanalysed:
        rows.append(("Not analysed", "unknown", urls.NOT_ANALYSED, totals.unanalysed))
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


def _folder(path: str) -> str:
    return path.removesuffix("/index.html")


def _pager(paths: Sequence[str], number: int, total: int, size: int, root: str) -> Pager | None:
    if len(paths) == 1:
        return None
    first, last = number * size + 1, min((number + 1) * size, total)
    return Pager(
        f"{first:,} to {last:,} of {total:,}",
        root + paths[number - 1] if number else None,
        root + paths[number + 1] if number + 1 < len(paths) else None,
    )
