"""The files of a site that no person looks at: the JSON API, downloads, and what hosts and crawlers read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.status import CatalogStatus
from catalog.vocabulary import Category, Risk
from site_builder import urls
from site_builder.api import addresses
from site_builder.api.documents import dump
from site_builder.api.downloads import CopyCatalog, Downloads, downloads_document, find_libraries, write_downloads
from site_builder.api.downloads_page import TEMPLATE as DOWNLOADS_TEMPLATE
from site_builder.api.downloads_page import make_downloads_page
from site_builder.api.publish import make_catalog_files
from site_builder.build import Build, File, digest
from site_builder.hosting import make_host_files, make_moved_pages
from site_builder.output import Content

MAIN_PAGES = (
    *(urls.INDEX, urls.METHODOLOGY, urls.ATTACKS, urls.NOT_ANALYSED, addresses.DOWNLOADS),
    *(f"{name}/index.html" for name in ("changes", "combinations", "facets", "findings", "rules", "sources")),
    *(urls.category_page(category) for category in Category),
    *(urls.risk_page(risk) for risk in Risk),
)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What else the catalog holds: its numbers, former slugs of servers with their present ones, a way to copy it."""

    status: CatalogStatus
    moved: tuple[tuple[str, str], ...] = ()
    copy: CopyCatalog | None = None


def write_for_programs(build: Build, holdings: Holdings, newest: tuple[ToolChange, ...]) -> None:
    """Write the API's documents about the whole catalog, and the files for hosts and crawlers."""
    lists = make_catalog_files(build.attacks.attacks, newest, holdings.status, build.base_url)
    build.folder.write_unit("api/lists", "", lists)
    build.folder.write_unit("hosting", "", _render_hosting(build, holdings.moved))


def write_downloads_of(build: Build, servers: Iterable[CatalogServer], copy: CopyCatalog | None, inputs: str) -> None:
    """Write the whole catalog as files to download, unless none of its servers changed."""
    libraries = find_libraries()
    of = digest(inputs, build.generator, str(libraries), str(copy is None))
    if build.folder.skip_unit("downloads", of):
        return
    with build.folder.make_scratch() as scratch:
        made = write_downloads(scratch, servers, copy, libraries)
        page = build.renderer(DOWNLOADS_TEMPLATE, make_downloads_page(made, build.base_url)).encode()
        build.folder.write_unit("downloads", of, _place_downloads(made, page))


def _place_downloads(made: Downloads, page: bytes) -> Iterator[tuple[str, Content]]:
    for one in made.files:
        yield f"downloads/{one.name}", one.path
    yield addresses.DOWNLOADS_INDEX, dump(downloads_document(made))
    yield addresses.DOWNLOADS, page


def _render_hosting(build: Build, moved: tuple[tuple[str, str], ...]) -> Iterator[File]:
    yield from make_host_files(build.base_url, moved)
    for path, page in make_moved_pages(moved, build.base_url):
        yield path, build.renderer("hosting/moved.html", page).encode()
