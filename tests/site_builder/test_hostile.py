"""Text written by strangers stays text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from catalog.vocabulary import Category
from site_builder.environment import make_reference, make_renderer
from site_builder.foreign_text import first_sentence, mark_passages, reveal, show_line, show_text
from site_builder.judged import judge_server
from site_builder.tool_page import make_tool_page
from tests.site_builder.building import ATTACKS
from tests.site_builder.record_factory import make_server, make_tool

RENDER, REFERENCE = make_renderer(), make_reference()
PAGES = [
    "index.html",
    *(f"servers/hostile/{slug}index.html" for slug in ("", "markup/", "zalgo/", "bidi/", "long-name/")),
]
HIDDEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff\x00\x1b\x7f\U000e0041"


@pytest.mark.parametrize("page", PAGES)
def test_hostile_markup_is_shown_as_text(site: Path, page: str) -> None:
    text = (site / page).read_text()
    tree = LexborHTMLParser(text)
    scripts = [node for node in tree.css("script") if node.attributes.get("type") != "application/ld+json"]
    assert [node.attributes.get("src", "").rpartition("/")[2] for node in scripts] == ["site.js"]  # type: ignore[union-attr]
    assert tree.css('img:not([src="badge.svg"]), iframe, object, embed, form') == []
    assert tree.css("[onerror]") == []


@pytest.mark.parametrize("page", PAGES)
def test_hidden_characters_do_not_reach_the_page(site: Path, page: str) -> None:
    tree = LexborHTMLParser((site / page).read_text())
    for node in tree.css("pre"):
        node.decompose()  # the policy holds names as they are
    body = tree.body
    assert body is not None
    assert not set(HIDDEN) & set(body.text())


def test_policy_keeps_the_name_that_a_client_will_see(site: Path) -> None:
    assert "\u202e" in (site / "servers" / "hostile" / "bidi" / "policy.json").read_text()


def test_unsafe_address_is_shown_but_leads_nowhere(site: Path) -> None:
    page = (site / "servers" / "hostile" / "index.html").read_text()
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page
    assert 'href="data:' not in page


def test_structured_data_cannot_end_its_script_element(site: Path) -> None:
    text = (site / "servers" / "hostile" / "markup" / "index.html").read_text()
    data = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert "\\u003c/script\\u003e" in data
    assert "<" not in data


def test_template_syntax_in_a_description_is_not_run(site: Path) -> None:
    page = (site / "servers" / "hostile" / "markup" / "index.html").read_text()
    assert "{{ 7 * 7 }}" in page
    assert "{% raw %}" in page


def test_huge_description_is_cut_and_the_cut_is_said(site: Path) -> None:
    page = site / "servers" / "hostile" / "long-name" / "index.html"
    assert "(97000 more characters)" in page.read_text()
    assert page.stat().st_size < 60_000


@settings(deadline=None)  # the first text with hidden characters makes the patterns that find them
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_name_and_description_make_a_page_without_new_elements(name: str, description: str) -> None:
    tool = make_tool(name, description, Category.WRITE, slug="any", parameters={name: {"description": description}})
    server = make_server("any-server", [tool], title=name or None, description=description)
    judged = judge_server(server)
    page = make_tool_page(judged, judged.tools[0], ATTACKS, "")
    html = RENDER("pages/tool.html", page)
    assert html == REFERENCE("pages/tool.html", page)
    tree = LexborHTMLParser(html)
    assert len(tree.css("script")) == 2
    assert len(tree.css("h1")) == 1
    assert tree.css("img, iframe, [style]") == []


@settings(deadline=None)
@given(st.text(max_size=400))
def test_shown_text_has_no_hidden_characters(text: str) -> None:
    for shown in (reveal(text), show_text(text, 100), show_line(text, 50), first_sentence(text, 50)):
        assert not set(HIDDEN) & set(shown)
        shown.encode()
    assert len(show_line(text, 50)) <= 50
    assert "\n" not in show_line(text, 50)


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 250), st.integers(-5, 250)), max_size=6))
def test_passages_put_together_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    plain = "".join(character for character in text if reveal(character) == character and character.isascii())
    passages = mark_passages(plain, spans, 150)
    assert "".join(passage.text for passage in passages) == plain[:150]
    assert all(passage.text for passage in passages)


def test_half_a_character_is_replaced() -> None:
    assert reveal("a\ud800b") == "a\ufffdb"


def test_emoji_and_right_to_left_words_are_left_as_they_are() -> None:
    text = "👩‍👩‍👧 مرحبا שלום Việt naïve"
    assert reveal(text) == text


def test_piled_up_accents_are_thinned() -> None:
    assert reveal("a" + "\u0301" * 50 + "b") == "a" + "\u0301" * 3 + "b"


def test_first_sentence_stops_at_its_end() -> None:
    assert first_sentence("Read v1.2 files. Then more.", 80) == "Read v1.2 files."
    assert first_sentence("A title\n\nA body", 80) == "A title"
