"""The sitemap: an index and its pieces, for a site whose public address is known (sitemaps.org, protocol 0.9).

Not for choosing what is worth finding: it takes pages as they come, and holds one piece of them.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from xml.sax.saxutils import escape

from site_builder import urls
from site_builder.brief import ServerBrief
from site_builder.wording import day

URLS_A_PIECE = 50_000  # what the protocol admits
INDEX = "sitemap.xml"
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

File = tuple[str, bytes]
Page = tuple[str, str | None]


class Sitemap:
    """The sitemap as it grows: pages that are added come back as files once a piece is full, the rest at the end."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._paths: list[str] = []
        self._held: list[Page] = []

    def add(self, pages: Iterable[Page]) -> Iterator[File]:
        """Take pages, each with its path and the day that it last had something new to say."""
        for page in pages:
            self._held.append(page)
            if len(self._held) == URLS_A_PIECE:
                yield self._write_piece()

    def finish(self) -> Iterator[File]:
        """Write the last piece and the index."""
        if self._held or not self._paths:
            yield self._write_piece()
        listed = (f"<sitemap>{_location(path, self._base_url)}</sitemap>" for path in self._paths)
        yield INDEX, _document("sitemapindex", listed)

    def _write_piece(self) -> File:
        path = f"sitemap-{len(self._paths) + 1}.xml"
        self._paths.append(path)
        pages, self._held = self._held, []
        return path, _document("urlset", (_url(page, when, self._base_url) for page, when in pages))


def server_pages(server: ServerBrief) -> Iterator[Page]:
    """List the pages of a server and its tools; their day is the one when its files were read."""
    when = day(server.looked_at) or None
    yield urls.server_page(server.slug), when
    for tool in server.tools:
        yield urls.tool_page(server.slug, tool.slug), when


def _url(path: str, when: str | None, base_url: str) -> str:
    changed = f"<lastmod>{escape(when)}</lastmod>" if when else ""
    return f"<url>{_location(path, base_url)}{changed}</url>"


def _location(path: str, base_url: str) -> str:
    return f"<loc>{escape(urls.absolute(base_url, path))}</loc>"


def _document(kind: str, lines: Iterable[str]) -> bytes:
    head = ('<?xml version="1.0" encoding="UTF-8"?>', f'<{kind} xmlns="{_SPACE}">')
    return "\n".join(chain(head, lines, (f"</{kind}>", ""))).encode()
