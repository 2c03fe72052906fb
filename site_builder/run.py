"""Build the static site from the catalog's servers: the stage's only entry."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.vocabulary import Category, Risk
from site_builder import urls
from site_builder.api.publish import make_server_file, make_stream_files
from site_builder.attacks import read_attacks
from site_builder.badge import render_badge
from site_builder.build import Build, File, digest
from site_builder.change_pages import CHANGES_SHOWN, ChangedTools, ChangesPage, make_change_pages
from site_builder.changes import CHANGES_A_PAGE, History, Pages, find_pages, make_change_rows
from site_builder.compare_page import make_compare_page
from site_builder.environment import STATIC, Render, digest_generator, make_renderer
from site_builder.feed import Feed, render_feed
from site_builder.for_programs import MAIN_PAGES, Holdings, write_downloads_of, write_for_programs
from site_builder.judged import JudgedServer, judge_server
from site_builder.listing_pages import (
    FEED_TITLE,
    make_category_pages,
    make_index_pages,
    make_not_analysed_page,
    make_risk_pages,
)
from site_builder.output import OutputFolder
from site_builder.policy_page import locate_policies, make_policies
from site_builder.search.build import pack_index
from site_builder.search.page import SEARCH, make_search_page
from site_builder.search.ranking import Ranking
from site_builder.search.record import make_records
from site_builder.server_page import feed_title, make_server_page
from site_builder.survey import Made, Survey, SurveyLists
from site_builder.text_pages import make_methodology_page, make_not_found_page
from site_builder.tool_page import make_tool_page
from site_builder.totals import Totals, gather_totals
from site_builder.wording import day


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a build did, counted in files of the site, and where its first page is."""

    pages_written: int
    pages_unchanged: int
    pages_removed: int
    index_path: Path


def build_site(
    servers: Callable[[], Iterable[CatalogServer]],
    out: Path,
    *,
    incidents: Path,
    history: History,
    holdings: Holdings,
    base_url: str = "",
    renderer: Render | None = None,
) -> SiteReport:
    """Build the site into `out`, writing only what differs and removing what is no longer there.

    `servers` is called three times and streams in slug order. `incidents` is the file of documented attacks,
    `history` the way to what changed, `holdings` what else the catalog holds, `base_url` the public address of the
    site's root if it is known.
    Raises ForeignFolderError when `out` holds somebody else's files, OSError when it cannot be written.
    """
    folder = OutputFolder(out)
    generator = digest(digest_generator(), incidents.read_bytes(), base_url)
    attacks, built_at = read_attacks(incidents), holdings.status.newest_look or ""
    build = Build(folder, renderer or make_renderer(), generator, attacks, built_at, base_url)
    survey = Survey(build.attacks)
    totals = gather_totals(survey.watch(servers()))
    newest = history.newest(None, CHANGES_SHOWN)
    lists, changed = SurveyLists(survey, base_url), ChangedTools(newest)
    whole = hashlib.blake2b(digest_size=16)

    def build_servers(ranking: Ranking) -> Iterator[CatalogServer]:
        for server in servers():
            changed.add(server)
            ranking.add(make_records(server))
            _write_made(build, lists.add(server))
            whole.update(_build_server(build, server, history.of_server(server.slug)).encode())
            yield server

    others = ((path, None) for path in MAIN_PAGES)
    with Ranking() as ranking:
        folder.write_unit("api/servers", "", make_stream_files(build_servers(ranking), others, base_url))
        if not folder.skip_unit("search", whole.hexdigest()):
            folder.write_unit("search", whole.hexdigest(), pack_index(ranking))
    _write_made(build, lists.finish())
    _write_made(build, survey.make_pages(holdings.status, base_url))
    told = make_change_pages(newest, changed.pages, base_url)
    _write_made(build, (_made_change(path, page) for path, page in told))
    write_for_programs(build, holdings, history.of_all())
    write_downloads_of(build, servers(), holdings.copy, whole.hexdigest())
    folder.write_unit("static", "", ((f"static/{path.name}", path.read_bytes()) for path in sorted(STATIC.iterdir())))
    folder.write_unit("lists", "", _render_lists(build, totals, history.of_all(), changed.pages))
    folder.finish()
    return SiteReport(folder.written, folder.unchanged, folder.removed, out / urls.INDEX)


def _write_made(build: Build, made: Iterable[Made]) -> None:
    for one in made:
        build.folder.write_unit(one.path, "", ((one.path, build.render(one.template, one.page)),))


def _made_change(path: str, page: object) -> Made:
    return Made("changes" if isinstance(page, ChangesPage) else "change_day", path, page)


def _build_server(build: Build, server: CatalogServer, changes: tuple[ToolChange, ...]) -> str:
    # Pages show the day of a check, and only the server's own page does: looking again rewrites no tool's page.
    checked = day(server.checked_at) if server.checked_at else None
    read = replace(server, checked_at=None, claim=None, listed_by=())
    tools = digest(build.generator, _dump(read))
    page = digest(tools, _dump([checked, server.claim, server.listed_by, changes]))
    unit = f"servers/{server.slug}"
    if not build.folder.skip_unit(f"{unit}/tools", tools):
        build.folder.write_unit(f"{unit}/tools", tools, _render_tools(build, judge_server(read)))
    if not build.folder.skip_unit(unit, page):
        of = judge_server(replace(server, checked_at=checked))
        build.folder.write_unit(unit, page, _render_server(build, of, changes))
    return page


def _render_tools(build: Build, of: JudgedServer) -> Iterator[File]:
    slug = of.server.slug
    for judged in of.tools:
        tool = make_tool_page(of, judged, build.attacks, build.base_url)
        yield urls.tool_page(slug, judged.tool.slug), build.render("tool", tool)
        yield urls.tool_policy(slug, judged.tool.slug), tool.policy.text.encode()
    if of.tools:  # the policies of all tools, which a check of the server does not change
        policies, files = make_policies(of, build.base_url)
        yield locate_policies(slug), build.render("policy", policies)
        yield from files


def _render_server(build: Build, of: JudgedServer, changes: tuple[ToolChange, ...]) -> Iterator[File]:
    server = of.server
    path = urls.server_page(server.slug)
    page = make_server_page(of, build.base_url, changes)
    yield path, build.render("server", page)
    yield make_server_file(of, changes)
    yield urls.server_badge(server.slug), render_badge(tool.assessment for tool in server.tools)
    if page.policy:
        yield urls.server_policy(server.slug), page.policy.text.encode()
    if changes:
        feed = Feed(feed_title(server), urls.server_feed(server.slug), path, server.slug)
        pages = find_pages(server, changes)
        yield feed.path, render_feed(feed, changes, pages, built_at=build.built_at, base_url=build.base_url)


def _render_lists(build: Build, totals: Totals, newest: tuple[ToolChange, ...], pages: Pages) -> Iterator[File]:
    base_url = build.base_url
    for risk in Risk:
        for path, page in make_risk_pages(totals, risk, base_url):
            yield path, build.render("tool_list", page)
    for category in Category:
        for path, page in make_category_pages(totals, category, base_url):
            yield path, build.render("tool_list", page)
    path, unknown = make_not_analysed_page(totals, base_url)
    yield path, build.render("not_analysed", unknown)
    yield urls.METHODOLOGY, build.render("methodology", make_methodology_page(build.built_at, base_url))
    yield SEARCH, build.render("search", make_search_page(base_url))
    compared, comparison = make_compare_page(base_url)
    yield compared, build.render("compare", comparison)
    yield urls.NOT_FOUND, build.render("not_found", make_not_found_page(base_url))
    feed = Feed(FEED_TITLE, urls.FEED, urls.INDEX)
    yield feed.path, render_feed(feed, newest, pages, built_at=build.built_at, base_url=base_url)
    # Home comes last: it links to everything, so what it links to should be there.
    latest = make_change_rows(newest[:CHANGES_A_PAGE], pages)
    for path, index in make_index_pages(totals, latest, build.built_at, base_url):
        yield path, build.render("index", index)


def _dump(value: object) -> bytes:
    return orjson.dumps(value, default=_dump_other, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)


def _dump_other(value: Any) -> object:
    return dict(value)  # schemas and probabilities may be any mapping
