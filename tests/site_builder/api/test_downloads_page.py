"""The page of downloads: whole without script, its links lead somewhere, and it says what is left out."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from site_builder.api.downloads import Download, Downloads, Libraries, write_downloads
from site_builder.api.downloads_page import TEMPLATE, DownloadsPage, make_downloads_page, show_size
from site_builder.api.schemas import KINDS
from site_builder.environment import TEMPLATES, make_reference, make_renderer
from tests.site_builder.api.documents_factory import make_documents, make_servers

MADE = Downloads((Download(Path("catalog.db"), 3_912_345, "ab" * 32),), (("tools.parquet", "it <could> not be"),))


def render(downloads: Downloads) -> str:
    return make_renderer()(TEMPLATE, make_downloads_page(downloads, ""))


def test_page_names_size_digest_and_what_is_left_out() -> None:
    tree = LexborHTMLParser(render(MADE))
    (card,) = tree.css("ul.cards li")
    assert "3.9 MB" in card.text()
    assert "ab" * 32 in card.text()
    assert [link.attributes["href"] for link in card.css("a")] == ["catalog.db"]
    assert "tools.parquet, because it <could> not be" in tree.body.text()  # type: ignore[union-attr]
    assert "Apache-2.0" in tree.body.text()  # type: ignore[union-attr]
    assert len(tree.css("tbody tr")) == len(KINDS)


def test_links_to_documents_and_schemas_lead_to_them(tmp_path: Path) -> None:
    documents = make_documents(tmp_path, make_servers())
    links = {link.attributes["href"] or "" for link in LexborHTMLParser(render(MADE)).css("main a")}
    beside = {"index.json", "catalog.db"}
    assert {link.removeprefix("../") for link in links - beside} <= set(documents)
    assert beside <= links


def test_a_site_without_any_file_says_so(tmp_path: Path) -> None:
    empty = write_downloads(tmp_path, list, None, Libraries(None, None))
    assert "None were made with this site." in render(empty)


def test_both_engines_write_the_same() -> None:
    page = make_downloads_page(MADE, "https://tools.example.org/")
    assert make_renderer()(TEMPLATE, page) == make_reference()(TEMPLATE, page)
    assert '<link rel="canonical" href="https://tools.example.org/downloads/">' in make_renderer()(TEMPLATE, page)


def test_context_holds_exactly_what_its_template_uses() -> None:
    text = (TEMPLATES / TEMPLATE).read_text() + (TEMPLATES / "layout.html").read_text()
    assert set(re.findall(r"\bpage\.([a-z_]+)", text)) == {field.name for field in fields(DownloadsPage)}


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (950, "950 bytes"), (999_950, "1.0 MB"), (3_912_345, "3.9 MB"), (381_840, "382 kB")],
)
def test_sizes_are_written_as_people_do(size: int, words: str) -> None:
    assert show_size(size) == words
