"""The search page as it is without script, and that what it offers is what the index knows."""

import re
from dataclasses import fields

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalog.vocabulary import FACET_VALUES, Facet
from site_builder import urls
from site_builder.environment import TEMPLATES, make_reference, make_renderer
from site_builder.parts import Link
from site_builder.search.contents import Contents, Limits
from site_builder.search.page import SearchPage, make_search_page
from tests.site_builder.search.index_reader import read_contents


def render(api: Link | None = None, base_url: str = "") -> LexborHTMLParser:
    return LexborHTMLParser(make_renderer()("pages/search.html", make_search_page(base_url, api)))


def first(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None
    return found


def values(page: LexborHTMLParser, name: str) -> list[str]:
    return [option.attributes["value"] or "" for option in page.css(f"select[name={name}] option")]


def test_page_is_the_same_by_the_reference_engine() -> None:
    page = make_search_page("https://tools.example.org/", Link("API", "api/index.html"))
    assert make_renderer()("pages/search.html", page) == make_reference()("pages/search.html", page)


def test_context_holds_exactly_what_its_template_uses() -> None:
    text = (TEMPLATES / "pages" / "search.html").read_text() + (TEMPLATES / "layout.html").read_text()
    assert set(re.findall(r"\bpage\.([a-z_]+)", text)) == {field.name for field in fields(SearchPage)}


def test_filters_are_those_that_the_index_knows() -> None:
    page = render()
    _, content = Contents(Limits()).pack_itself()
    contents = read_contents({"search/index.js": content})
    assert values(page, "risk") == ["", *contents["risks"]]
    assert [*values(page, "category"), "unknown"] == ["", *contents["categories"]]
    assert values(page, "facet")[1:] == [f"{facet}.{value}" for facet in Facet for value in FACET_VALUES[facet]]


def test_without_script_the_form_is_hidden_and_the_lists_are_there() -> None:
    page = render()
    assert "hidden" in first(page, "form").attributes
    assert "JavaScript" in first(page, "noscript").text()
    hrefs = [link.attributes["href"] for link in page.css("main a")]
    assert f"../{urls.INDEX}" in hrefs
    assert sum("/risk/" in (href or "") for href in hrefs) == 4
    assert sum("/category/" in (href or "") for href in hrefs) == 5


def test_every_field_has_a_label() -> None:
    page = render()
    labels = {label.attributes["for"] for label in page.css("label")}
    assert labels == {field.attributes["id"] for field in page.css("form input, form select")}


def test_the_interface_for_programs_is_named_when_there_is_one() -> None:
    assert "For programs" not in render().text()
    assert first(render(Link("the API", "api/index.html")), 'main a[href="../api/index.html"]').text() == "the API"


def test_canonical_address_is_that_of_the_folder() -> None:
    page = render(base_url="https://tools.example.org")
    assert first(page, "link[rel=canonical]").attributes["href"] == "https://tools.example.org/search/"


def test_the_scripts_are_those_of_the_site() -> None:
    sources = [script.attributes["src"] or "" for script in render().css("script")]
    assert len(sources) == 4
    for source in sources:
        assert (TEMPLATES / source.removeprefix("../")).is_file()
