"""Sitemaps as sitemaps.org's protocol wants them, however many pages there are."""

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

import pytest

from site_builder.api.publish import make_stream_files
from site_builder.sitemap import URLS_A_PIECE, File, Page, Sitemap, server_pages
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_mail_server

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BASE = "https://tools.example.org/catalog/"


def make_sitemaps(pages: Iterable[Page], base_url: str) -> Iterator[File]:
    sitemap = Sitemap(base_url)
    yield from sitemap.add(pages)
    yield from sitemap.finish()


def locations(content: bytes) -> list[str]:
    return [found.text or "" for found in ET.fromstring(content).findall(".//s:loc", SPACE)]  # noqa: S314 - our own


@pytest.mark.parametrize("count", [0, 1, URLS_A_PIECE, URLS_A_PIECE + 1])
def test_the_index_names_pieces_that_hold_every_page_once(count: int) -> None:
    files = dict(make_sitemaps(((f"servers/s{at}/index.html", None) for at in range(count)), BASE))
    pieces = [name.removeprefix(BASE) for name in locations(files["sitemap.xml"])]
    assert set(pieces) | {"sitemap.xml"} == set(files)
    found = [locations(files[piece]) for piece in pieces]
    assert max(map(len, found)) <= URLS_A_PIECE
    assert max(len(files[piece]) for piece in pieces) < 50 * 1024 * 1024
    assert [page for piece in found for page in piece] == [f"{BASE}servers/s{at}/" for at in range(count)]


def test_every_server_and_tool_is_listed_with_the_day_it_was_read() -> None:
    pages = [page for brief in make_briefs(make_catalog()) for page in server_pages(brief)]
    assert ("servers/paperboat-mail/send_mail/index.html", "2026-11-18") in pages
    assert len(pages) == sum(1 + len(server.tools) for server in make_catalog())
    files = dict(make_sitemaps(server_pages(*make_briefs([make_mail_server()])), BASE))
    assert b"/catalog/servers/paperboat-mail/send_mail/</loc><lastmod>2026-11-18</lastmod>" in files["sitemap-1.xml"]


def test_an_address_is_escaped() -> None:
    files = dict(make_sitemaps([("index.html", None)], "https://tools.example.org/?a=1&b=<2>"))
    assert locations(files["sitemap-1.xml"]) == ["https://tools.example.org/?a=1&b=<2>/"]


def test_a_piece_is_written_before_more_pages_are_read() -> None:
    read = 0

    def stream() -> Iterator[tuple[str, None]]:
        nonlocal read
        for at in range(2 * URLS_A_PIECE):
            read += 1
            yield f"servers/s{at}/index.html", None

    assert next(make_sitemaps(stream(), BASE))[0] == "sitemap-1.xml"
    assert read == URLS_A_PIECE


def test_a_site_whose_address_is_not_known_has_no_sitemap() -> None:
    pages = [("index.html", None)]
    assert not [
        path for path, _ in make_stream_files(make_briefs(make_catalog()), pages, "") if path.startswith("sitemap")
    ]
    known = dict(make_stream_files(make_briefs(make_catalog()), pages, BASE))
    listed = locations(known["sitemap-1.xml"])
    assert f"{BASE}servers/hostile/bidi/" in listed
    assert listed[-1] == BASE
