"""The pages and files about the whole catalog, made from what is kept of each server. Not for single servers."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from catalog.history import ToolChange
from catalog.status import CatalogStatus
from catalog.vocabulary import Category, Risk
from site_builder import urls
from site_builder.api import addresses
from site_builder.api.documents import dump
from site_builder.api.downloads import CopyCatalog, Downloads, downloads_document, find_libraries, write_downloads
from site_builder.api.downloads_page import TEMPLATE as DOWNLOADS_TEMPLATE
from site_builder.api.downloads_page import make_downloads_page
from site_builder.api.publish import make_catalog_files, make_stream_files
from site_builder.brief import ServerBrief, decode_brief
from site_builder.change_pages import CHANGES_SHOWN, ChangedTools
from site_builder.changes import tell_once
from site_builder.digest import digest
from site_builder.environment import list_static
from site_builder.hosting import make_host_files, make_moved_pages
from site_builder.making import File, Recipe, make_render, read_attack_list, to_bytes
from site_builder.output import Content, OutputFolder
from site_builder.search.build import pack_index
from site_builder.survey import Survey, make_pages

MAIN_PAGES = (
    *(urls.INDEX, urls.METHODOLOGY, urls.ATTACKS, urls.NOT_ANALYSED, addresses.DOWNLOADS),
    *(f"{name}/index.html" for name in ("changes", "combinations", "facets", "findings", "rules", "sources")),
    *(urls.category_page(category) for category in Category),
    *(urls.risk_page(risk) for risk in Risk),
)
_UNITS = ("api/servers", "pages", "api/lists", "search", "downloads", "hosting", "static")
_CHANGES_OF_ALL = 100


@dataclass(frozen=True, slots=True)
class Holdings:
    """What else the catalog holds: its numbers, former slugs of servers with their present ones, a way to copy it."""

    status: CatalogStatus
    moved: tuple[tuple[str, str], ...] = ()
    copy: CopyCatalog | None = None


def write_whole(folder: OutputFolder, recipe: Recipe, holdings: Holdings, whole: str) -> None:
    """Write all units about the whole catalog, unless nothing in it changed; `whole` is the digest of all servers."""
    held = orjson.dumps([asdict(holdings.status), holdings.moved], default=str)
    inputs = dict.fromkeys(_UNITS, digest(whole, held))
    # A check that found nothing new changes the catalog's numbers, and neither of these.
    inputs["search"] = digest(whole)
    inputs["downloads"] = digest(whole, str(find_libraries()), str(holdings.copy is None))
    if folder.keep_units(inputs):
        return
    _Whole(folder, recipe, holdings, inputs).write()


class _Whole:
    """One writing of all units."""

    def __init__(self, folder: OutputFolder, recipe: Recipe, holdings: Holdings, inputs: Mapping[str, str]) -> None:
        self._folder = folder
        self._recipe = recipe
        self._holdings = holdings
        self._inputs = inputs
        self._base_url = recipe.settings.base_url
        self._render = make_render(recipe.settings)
        self._attacks = read_attack_list(recipe.settings.incidents)
        self._survey = Survey(self._attacks)
        self._changed = ChangedTools(recipe.reader.changes(None, CHANGES_SHOWN))

    def write(self) -> None:
        """Write all units."""
        others = ((path, None) for path in MAIN_PAGES)
        self._write("api/servers", make_stream_files(self._watch_servers(), others, self._base_url))
        newest = tell_once(self._recipe.reader.changes(None, _CHANGES_OF_ALL))
        self._write("pages", self._make_pages(newest))
        lists = make_catalog_files(self._attacks.attacks, newest, self._holdings.status, self._base_url)
        self._write("api/lists", lists)
        if not self._keep("search"):
            with self._folder.make_scratch() as scratch:
                self._write("search", pack_index(self._folder.state.iter_column("search"), scratch=scratch))
        if not self._keep("downloads"):
            self._write_downloads()
        self._write("hosting", self._make_hosting())
        self._write("static", ((f"static/{name}", path.read_bytes()) for name, path in self._static()))

    def _write(self, unit: str, files: Iterator[File]) -> None:
        self._folder.write_unit(unit, self._inputs[unit], files)

    def _keep(self, unit: str) -> bool:
        return self._folder.keep_units({unit: self._inputs[unit]})

    def _watch_servers(self) -> Iterator[ServerBrief]:
        """Stream all servers in brief, and let everything that counts them see them."""
        for content in self._folder.state.iter_column("brief"):
            brief = decode_brief(content)
            self._survey.add(brief)
            self._changed.add(brief)
            yield brief

    def _make_pages(self, newest: tuple[ToolChange, ...]) -> Iterator[File]:
        days = self._recipe.reader.changes(None, CHANGES_SHOWN)
        for made in make_pages(self._survey, self._holdings.status, newest, days, self._changed.pages, self._base_url):
            if isinstance(made.page, bytes):
                yield made.path, made.page
            else:
                yield made.path, to_bytes(self._render(f"pages/{made.template}.html", made.page))

    def _write_downloads(self) -> None:
        with self._folder.make_scratch() as scratch:
            made = write_downloads(
                scratch, lambda: self._folder.state.iter_column("lines"), self._holdings.copy, find_libraries()
            )
            page = to_bytes(self._render(DOWNLOADS_TEMPLATE, make_downloads_page(made, self._base_url)))
            self._folder.write_unit("downloads", self._inputs["downloads"], _place_downloads(made, page))

    def _make_hosting(self) -> Iterator[File]:
        yield from make_host_files(self._base_url, self._holdings.moved)
        for path, page in make_moved_pages(self._holdings.moved, self._base_url):
            yield path, to_bytes(self._render("hosting/moved.html", page))

    def _static(self) -> list[tuple[str, Path]]:
        return list_static(self._recipe.settings.theme)


def _place_downloads(made: Downloads, page: bytes) -> Iterator[tuple[str, Content]]:
    for one in made.files:
        yield f"downloads/{one.name}", one.path
    yield addresses.DOWNLOADS_INDEX, dump(downloads_document(made))
    yield addresses.DOWNLOADS, page
