"""The page that offers the catalog to programs: files to download, documents to ask for, and their terms."""

from dataclasses import dataclass

from site_builder import urls
from site_builder.api import addresses
from site_builder.api.downloads import SAYS, TERMS, Downloads
from site_builder.api.schemas import KINDS
from site_builder.parts import Fact, Frame, Link

TEMPLATE = "hosting/downloads.html"
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file to download."""

    name: str
    size: str
    sha256: str
    says: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A kind of document: an address or a pattern of one, what it holds, and its schema."""

    document: Link
    says: str
    schema: str


@dataclass(frozen=True, slots=True)
class DownloadsPage:
    """Files and documents; addresses are seen from the page."""

    frame: Frame
    files: tuple[FileCard, ...]
    left_out: tuple[Fact, ...]
    index: str
    openapi: str
    documents: tuple[DocumentRow, ...]
    terms: str


def make_downloads_page(downloads: Downloads, base_url: str) -> DownloadsPage:
    """Make the page's context."""
    path = addresses.DOWNLOADS
    root = urls.way_up(path)
    return DownloadsPage(
        frame=Frame(
            "The catalog for programs",
            "The whole catalog as files, and as JSON documents with schemas and an OpenAPI description.",
            root,
            "api",
            urls.absolute(base_url, path) if base_url else None,
        ),
        files=tuple(FileCard(one.name, show_size(one.size), one.sha256, SAYS[one.name]) for one in downloads.files),
        left_out=tuple(Fact(name, why) for name, why in downloads.left_out),
        index=addresses.DOWNLOADS_INDEX.rpartition("/")[2],
        openapi=root + addresses.OPENAPI,
        documents=tuple(_row(kind.name, kind.path, kind.summary, root) for kind in KINDS),
        terms=TERMS,
    )


def show_size(size: int) -> str:
    """Write a size as people do: "950 bytes", "3.9 MB"."""
    amount, unit = float(size), 0
    while amount >= 999.5 and unit + 1 < len(_UNITS):
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}" if unit == 0 or amount >= 99.5 else f"{amount:.1f} {_UNITS[unit]}"


def _row(kind: str, path: str, summary: str, root: str) -> DocumentRow:
    where = f"{addresses.API}{path}"
    return DocumentRow(Link(where, None if "{" in path else root + where), summary, root + addresses.schema(kind))
