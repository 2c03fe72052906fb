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
from site_builder.attacks import AttackList, read_attacks
from site_builder.badge import render_badge
from site_builder.changes import CHANGES_A_PAGE, History, Pages, find_pages, make_change_rows
from site_builder.environment import STATIC, Render, digest_generator, make_renderer
from site_builder.feed import Feed, render_feed
from site_builder.judged import JudgedServer, judge_server
from site_builder.listing_pages import (
    FEED_TITLE,
    make_category_pages,
    make_index_pages,
    make_not_analysed_page,
    make_risk_pages,
)
from site_builder.output import OutputFolder
from site_builder.server_page import feed_title, make_server_page
from site_builder.text_pages import make_attacks_page, make_methodology_page, make_not_found_page
from site_builder.tool_page import make_tool_page
from site_builder.totals import Totals, gather_totals
from site_builder.wording import day

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a build did, counted in files of the site, and where its first page is."""

    pages_written: int
    pages_unchanged: int
    pages_removed: int
    index_path: Path


@dataclass(frozen=True, slots=True)
class _Build:
    """What every part of a build needs; `generator` is the digest of all that decides what pages look like."""

    folder: OutputFolder
    renderer: Render
    generator: str
    attacks: AttackList
    built_at: str
    base_url: str

    def render(self, template: str, page: object) -> bytes:
        """Turn a context into bytes of HTML."""
        return self.renderer(f"pages/{template}.html", page).encode("utf-8", "replace")


def build_site(
    servers: Callable[[], Iterable[CatalogServer]],
    out: Path,
    *,
    incidents: Path,
    history: History,
    built_at: str,
    base_url: str = "",
    renderer: Render | None = None,
) -> SiteReport:
    """Build the site into `out`, writing only what differs and removing what is no longer there.

    `servers` is called twice and streams in slug order. `incidents` is the file of documented attacks, `history` the
    way to what changed, `built_at` the newest time anything was looked at, `base_url` the public address of the
    site's root if it is known.
    Raises ForeignFolderError when `out` holds somebody else's files, OSError when it cannot be written.
    """
    folder = OutputFolder(out)
    generator = _digest(digest_generator(), incidents.read_bytes(), base_url)
    build = _Build(folder, renderer or make_renderer(), generator, read_attacks(incidents), built_at, base_url)
    totals = gather_totals(servers())
    newest = history.of_all()
    changed = {change.server for change in newest}
    pages: dict[tuple[str, str], str] = {}
    for server in servers():
        if server.slug in changed:
            pages.update(find_pages(server, newest))
        _build_server(build, server, history.of_server(server.slug))
    folder.write_unit("static", "", ((f"static/{path.name}", path.read_bytes()) for path in sorted(STATIC.iterdir())))
    folder.write_unit("lists", "", _render_lists(build, totals, newest, pages))
    folder.finish()
    return SiteReport(folder.written, folder.unchanged, folder.removed, out / urls.INDEX)


def _build_server(build: _Build, server: CatalogServer, changes: tuple[ToolChange, ...]) -> None:
    # Pages show the day of a check, and only the server's own page does: looking again rewrites no tool's page.
    checked = day(server.checked_at) if server.checked_at else None
    read = replace(server, checked_at=None, claim=None, listed_by=())
    tools = _digest(build.generator, _dump(read))
    page = _digest(tools, _dump([checked, server.claim, server.listed_by, changes]))
    unit = f"servers/{server.slug}"
    if not build.folder.skip_unit(f"{unit}/tools", tools):
        build.folder.write_unit(f"{unit}/tools", tools, _render_tools(build, judge_server(read)))
    if not build.folder.skip_unit(unit, page):
        of = judge_server(replace(server, checked_at=checked))
        build.folder.write_unit(unit, page, _render_server(build, of, changes))


def _render_tools(build: _Build, of: JudgedServer) -> Iterator[File]:
    slug = of.server.slug
    for judged in of.tools:
        tool = make_tool_page(of, judged, build.attacks, build.base_url)
        yield urls.tool_page(slug, judged.tool.slug), build.render("tool", tool)
        yield urls.tool_policy(slug, judged.tool.slug), tool.policy.text.encode()


def _render_server(build: _Build, of: JudgedServer, changes: tuple[ToolChange, ...]) -> Iterator[File]:
    server = of.server
    path = urls.server_page(server.slug)
    page = make_server_page(of, build.base_url, changes)
    yield path, build.render("server", page)
    yield urls.server_badge(server.slug), render_badge(tool.assessment for tool in server.tools)
    if page.policy:
        yield urls.server_policy(server.slug), page.policy.text.encode()
    if changes:
        feed = Feed(feed_title(server), urls.server_feed(server.slug), path, server.slug)
        pages = find_pages(server, changes)
        yield feed.path, render_feed(feed, changes, pages, built_at=build.built_at, base_url=build.base_url)


def _render_lists(build: _Build, totals: Totals, newest: tuple[ToolChange, ...], pages: Pages) -> Iterator[File]:
    base_url = build.base_url
    for risk in Risk:
        for path, page in make_risk_pages(totals, risk, base_url):
            yield path, build.render("tool_list", page)
    for category in Category:
        for path, page in make_category_pages(totals, category, base_url):
            yield path, build.render("tool_list", page)
    path, unknown = make_not_analysed_page(totals, base_url)
    yield path, build.render("not_analysed", unknown)
    yield urls.ATTACKS, build.render("attacks", make_attacks_page(build.attacks, base_url))
    yield urls.METHODOLOGY, build.render("methodology", make_methodology_page(build.built_at, base_url))
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


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
