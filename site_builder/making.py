"""From some servers to their files: what the processes of a build do, each with its own part of the catalog.

Nothing of the whole catalog is known here: what its pages need is handed back in brief.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from catalog.digests import ServerDigest
from catalog.history import ToolChange
from catalog.records import CatalogServer
from site_builder import urls
from site_builder.api.documents import Document, all_tool_fields
from site_builder.api.downloads import compress_lines
from site_builder.api.publish import make_server_file
from site_builder.attacks import AttackList, read_attacks
from site_builder.badge import render_badge
from site_builder.brief import encode_brief, make_brief
from site_builder.changes import find_pages
from site_builder.environment import Render
from site_builder.feed import Feed, render_feed
from site_builder.judged import JudgedServer, judge_server
from site_builder.output import Content, Place
from site_builder.policy_page import locate_policies, make_policies
from site_builder.reading import Reader, read_changes
from site_builder.search.record import pack_records
from site_builder.server_page import feed_title, make_server_page
from site_builder.settings import SiteSettings
from site_builder.state import ServerState, dump_files, load_files
from site_builder.tool_page import make_tool_page
from site_builder.wording import day

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the pages of a server are made with."""

    reader: Reader
    place: Place
    settings: SiteSettings


@dataclass(frozen=True, slots=True)
class Job:
    """A server to be made: its digests, the records of the files it has, and whether its tools' pages hold still."""

    digest: ServerDigest
    tool_files: bytes
    page_files: bytes
    keeps_tools: bool


@dataclass(frozen=True, slots=True)
class MadeServer:
    """What became of a server: its state, the files written and unchanged, and the paths of those no longer made."""

    state: ServerState
    tools: int
    written: int
    unchanged: int
    gone: tuple[str, ...]


def make_servers(recipe: Recipe, jobs: Sequence[Job]) -> list[MadeServer]:
    """Make the files of some servers, in slug order. A server that went meanwhile is left out.

    Raises OSError when a file cannot be written, CatalogError when the catalog cannot be read.
    """
    by_slug = {job.digest.slug: job for job in jobs}
    return [_make_server(recipe, by_slug[read.slug], read) for read in recipe.reader.read(tuple(by_slug))]


def _make_server(recipe: Recipe, job: Job, read: CatalogServer) -> MadeServer:
    # Pages show the day of a check, and only the server's own page does: looking again rewrites no tool's page.
    of = judge_server(replace(read, checked_at=day(read.checked_at) if read.checked_at else None))
    fields = all_tool_fields(of)
    changes = read_changes(recipe.reader, read.slug) if job.digest.changes else ()
    attacks = read_attack_list(recipe.settings.incidents)
    tools = None
    if not job.keeps_tools:
        tools = recipe.place.stage(_render_tools(recipe, of, attacks), load_files(job.tool_files))
    page = recipe.place.stage(_render_server(recipe, of, fields, changes), load_files(job.page_files))
    state = ServerState(
        slug=read.slug,
        tools=job.digest.tools,
        page=job.digest.page,
        tool_files=dump_files(tools.records) if tools else job.tool_files,
        page_files=dump_files(page.records),
        brief=encode_brief(make_brief(of, attacks)),
        search=pack_records(read),
        lines=compress_lines(read, fields),
    )
    kept = len(load_files(job.tool_files)) if tools is None else len(tools.records) - tools.written
    return MadeServer(
        state=state,
        tools=len(of.tools),
        written=page.written + (tools.written if tools else 0),
        unchanged=kept + len(page.records) - page.written,
        gone=(*page.gone, *(tools.gone if tools else ())),
    )


def _render_tools(recipe: Recipe, of: JudgedServer, attacks: AttackList) -> Iterator[tuple[str, Content]]:
    slug, settings = of.server.slug, recipe.settings
    render = make_render(settings)
    for judged in (*of.tools, *of.withdrawn):
        page = make_tool_page(of, judged, attacks, settings.base_url, settings.report_url)
        yield urls.tool_page(slug, judged.tool.slug), to_bytes(render("pages/tool.html", page))
        yield urls.tool_policy(slug, judged.tool.slug), page.policy.text.encode()
    if of.tools:  # the policies of all tools, which a check of the server does not change
        policies, files = make_policies(of, settings.base_url)
        yield locate_policies(slug), to_bytes(render("pages/policy.html", policies))
        yield from files


def _render_server(
    recipe: Recipe, of: JudgedServer, fields: Sequence[Document], changes: tuple[ToolChange, ...]
) -> Iterator[tuple[str, Content]]:
    server, settings = of.server, recipe.settings
    path = urls.server_page(server.slug)
    page = make_server_page(of, settings.base_url, changes, settings.report_url)
    yield path, to_bytes(make_render(settings)("pages/server.html", page))
    yield make_server_file(server, fields, changes)
    yield urls.server_badge(server.slug), render_badge(tool.assessment for tool in server.tools)
    if page.policy:
        yield urls.server_policy(server.slug), page.policy.text.encode()
    if changes:
        feed = Feed(feed_title(server), urls.server_feed(server.slug), path, server.slug)
        pages = find_pages(server, changes)
        yield feed.path, render_feed(feed, changes, pages, built_at="", base_url=settings.base_url)


def to_bytes(text: str) -> bytes:
    """Write a page as bytes; half of a surrogate pair, which strangers' texts may hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


@cache
def make_render(settings: SiteSettings) -> Render:
    """Make what renders the pages, once a process."""
    return settings.engine(settings.theme)


@cache
def read_attack_list(incidents: Path) -> AttackList:
    """Read the documented attacks, once a process."""
    return read_attacks(incidents)
