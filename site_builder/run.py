"""Build the static site from the catalog's servers: the stage's only entry."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment

from catalog.records import CatalogServer
from catalog.vocabulary import Category, Risk
from site_builder import urls
from site_builder.attacks import AttackList, read_attacks
from site_builder.environment import STATIC, digest_generator, make_environment
from site_builder.judged import JudgedServer, judge_server
from site_builder.listing_pages import (
    make_category_pages,
    make_index_pages,
    make_not_analysed_page,
    make_risk_pages,
)
from site_builder.output import OutputFolder
from site_builder.server_page import make_server_page
from site_builder.text_pages import make_attacks_page, make_methodology_page, make_not_found_page
from site_builder.tool_page import make_tool_page
from site_builder.totals import Totals, gather_totals

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a build did, counted in files of the site, and where its first page is."""

    pages_written: int
    pages_unchanged: int
    pages_removed: int
    index_path: Path


class _Renderer:
    """Turns contexts into bytes of HTML."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def render(self, template: str, page: object) -> bytes:
        text = self._environment.get_template(f"pages/{template}.html").render(page=page)
        return text.encode("utf-8", "replace")


def build_site(
    servers: Callable[[], Iterable[CatalogServer]],
    out: Path,
    *,
    incidents: Path,
    built_at: str,
    base_url: str = "",
) -> SiteReport:
    """Build the site into `out`, writing only what differs and removing what is no longer there.

    `servers` is called twice and streams in slug order. `incidents` is the file of documented attacks, `built_at`
    the newest time anything was looked at, `base_url` the public address of the site's root if it is known.
    Raises ForeignFolderError when `out` holds somebody else's files, OSError when it cannot be written.
    """
    attacks = read_attacks(incidents)
    folder = OutputFolder(out)
    renderer = _Renderer(make_environment())
    generator = _digest(digest_generator(), incidents.read_bytes(), base_url)
    totals = gather_totals(servers())
    for server in servers():
        inputs = _digest(generator, _dump_server(server))
        unit = f"servers/{server.slug}"
        if not folder.skip_unit(unit, inputs):
            folder.write_unit(unit, inputs, _render_server(renderer, judge_server(server), attacks, base_url))
    folder.write_unit("static", "", ((f"static/{path.name}", path.read_bytes()) for path in sorted(STATIC.iterdir())))
    folder.write_unit("lists", "", _render_lists(renderer, totals, attacks, built_at, base_url))
    folder.finish()
    return SiteReport(folder.written, folder.unchanged, folder.removed, out / urls.INDEX)


def _render_server(renderer: _Renderer, of: JudgedServer, attacks: AttackList, base_url: str) -> Iterator[File]:
    slug = of.server.slug
    for judged in of.tools:
        tool = make_tool_page(of, judged, attacks, base_url)
        yield urls.tool_page(slug, judged.tool.slug), renderer.render("tool", tool)
        yield urls.tool_policy(slug, judged.tool.slug), tool.policy.text.encode()
    page = make_server_page(of, base_url)
    yield urls.server_page(slug), renderer.render("server", page)
    if page.policy:
        yield urls.server_policy(slug), page.policy.text.encode()


def _render_lists(
    renderer: _Renderer, totals: Totals, attacks: AttackList, built_at: str, base_url: str
) -> Iterator[File]:
    for risk in Risk:
        for path, page in make_risk_pages(totals, risk, base_url):
            yield path, renderer.render("tool_list", page)
    for category in Category:
        for path, page in make_category_pages(totals, category, base_url):
            yield path, renderer.render("tool_list", page)
    path, unknown = make_not_analysed_page(totals, base_url)
    yield path, renderer.render("not_analysed", unknown)
    yield urls.ATTACKS, renderer.render("attacks", make_attacks_page(attacks, base_url))
    yield urls.METHODOLOGY, renderer.render("methodology", make_methodology_page(built_at, base_url))
    yield urls.NOT_FOUND, renderer.render("not_found", make_not_found_page(base_url))
    # Home comes last: it links to everything, so what it links to should be there.
    for path, index in make_index_pages(totals, built_at, base_url):
        yield path, renderer.render("index", index)


def _dump_server(server: CatalogServer) -> bytes:
    return orjson.dumps(server, default=_dump_other, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)


def _dump_other(value: Any) -> object:
    return dict(value)  # schemas and probabilities may be any mapping


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
