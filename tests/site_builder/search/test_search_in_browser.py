"""Searching as people do it: typing, arrows, filters, addresses, a narrow window, no script, hostile names."""

import re
import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from catalog.records import CatalogServer
from site_builder import urls
from site_builder.environment import make_renderer
from site_builder.search.build import pack_index
from site_builder.search.contents import Limits
from site_builder.search.page import make_search_page
from site_builder.search.record import SearchRecord, make_records, pack_records
from site_builder.search.words import cut_text
from tests.site_builder.browsing import RULES, serve
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog
from tests.site_builder.conftest import build
from tests.site_builder.search.expected_order import find_ranks, order_records

pytestmark = pytest.mark.browser

SMALL = Limits(records_a_file=7, frequent_from=12, words_file=300, list_file=8, pairs_from=8, at_once=100)
FIND_ALL = """async ([folder, typed, filters]) => {
  const search = (await toolriskSearch.open(folder)).search(typed, filters);
  const rows = [];
  let answer;
  do { answer = await search.more(); rows.push(...answer.rows); } while (!answer.done);
  return [rows.map((row) => row.rank), answer.found, search.index.moved];
}"""
TEXTS = [
    "Café NAÏVE",
    "İstanbul ΣΊΣΥΦΟΣ",
    "查询 files 漢字かな",
    "a_b-c.d",
    "ﬁle ① Ⅷ",
    "x" * 99,
    "हिन्दी عَرَبِيّ",
    "\u202eevil 👩‍👩‍👧",
    "\U0001d4b3\U0001d4ce \U00020000",
]


@pytest.fixture(scope="module")
def searchable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "public"
    build(out)
    place_index(out, make_catalog())
    (out / urls.SEARCH).write_text(make_renderer()("pages/search.html", make_search_page("")))
    place_index(out / "large", large_servers(), SMALL)
    return out


@pytest.fixture(scope="module")
def address(searchable: Path) -> Iterator[str]:
    with serve(searchable) as address:
        yield address + urls.SEARCH


def place_index(out: Path, servers: Iterable[CatalogServer], limits: Limits | None = None) -> None:
    for path, content in pack_index(map(pack_records, servers), limits=limits):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)


def large_servers() -> list[CatalogServer]:
    return [*make_catalog(), *make_large_catalog(30, 9)]


@cache
def large_records() -> list[SearchRecord]:
    return order_records(record for server in large_servers() for record in make_records(server))


def names(page: Page) -> list[str]:
    return page.locator("#search-results .what > a:first-child").all_inner_texts()


def wait_for(page: Page, said: str) -> None:
    page.locator("#search-says").filter(has_text=re.compile(said)).wait_for()


def test_typing_shows_links_to_the_tools_with_all_words(opened: Any, address: str) -> None:
    page = opened(address)
    page.get_by_label("Words of a name").press_sequentially("file delete")
    wait_for(page, "^1 found")
    row = page.locator("#search-results .row")
    assert "delete_file on shelf-files" in row.inner_text()
    assert row.locator(".badge.risk-critical").inner_text() == "Critical"
    assert row.locator(".effect").inner_text() == "Destructive"
    page.locator("#announcer").filter(has_text="1 found.").wait_for(state="attached")
    row.get_by_role("link", name="delete_file").click()
    assert page.locator("h1").inner_text() == "delete_file"
    assert page.problems == []


def test_a_half_typed_word_finds_and_a_wrong_one_says_so(opened: Any, address: str) -> None:
    page = opened(f"{address}?q=direc")
    wait_for(page, "2 found|3 found")
    assert {"list_directory", "create_directory"} <= set(names(page))
    page.get_by_label("Words of a name").fill("directoxy")
    wait_for(page, "Nothing in this catalog has all of that")
    assert names(page) == []


def test_exact_names_come_first_then_names_then_other_words(opened: Any, address: str) -> None:
    page = opened(f"{address}?q=read_file+")
    wait_for(page, "found")
    assert names(page)[0] == "read_file"
    page = opened(f"{address}?q=directory+")
    wait_for(page, "found")
    have = ["directory" in name for name in names(page)]
    assert have == sorted(have, reverse=True)
    assert not all(have)


def test_arrows_lead_through_the_results_and_back(opened: Any, address: str) -> None:
    page = opened(f"{address}?q=file")
    wait_for(page, "found")
    page.get_by_label("Words of a name").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == names(page)[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search-words"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "search-words"
    page.keyboard.press("ArrowDown")
    wanted = names(page)[0]
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/servers/"))
    assert page.locator("h1").inner_text() == wanted


def test_filters_combine_and_stand_in_the_address(opened: Any, address: str) -> None:
    page = opened(f"{address}?q=file")
    wait_for(page, "found")
    page.get_by_label("Effect").select_option("Write")
    wait_for(page, r"^[1-9] found")
    assert set(page.locator("#search-results .effect").all_inner_texts()) == {"Write"}
    page.get_by_label("What else is known").select_option("reversibility.irreversible")
    wait_for(page, "^1 found")
    assert names(page) == ["write_file"]
    assert page.url.endswith("?q=file&category=write&facet=reversibility.irreversible")
    again = opened(page.url)
    wait_for(again, "^1 found")
    assert names(again) == ["write_file"]
    assert again.get_by_label("Effect").input_value() == "write"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("risk=unknown&kind=tool", {"restock"}),
        ("server=shelf-files&risk=critical&kind=tool", {"delete_file", "run_command"}),
        ("kind=server&risk=unknown", {"empty-room", "locked-door"}),
        ("server=no-such-server", set()),
        ("risk=nonsense&server=locked-door", {"locked-door"}),
    ],
)
def test_filters_alone_are_a_search(opened: Any, address: str, query: str, expected: set[str]) -> None:
    page = opened(f"{address}?{query}")
    wait_for(page, "found|Nothing")
    assert set(names(page)) == expected
    assert page.problems == []


def test_back_button_goes_to_the_search_before(opened: Any, address: str) -> None:
    page = opened(address)
    field = page.get_by_label("Words of a name")
    field.fill("file")
    wait_for(page, "found")
    field.press("Enter")
    field.fill("mail")
    page.wait_for_url(re.compile("q=mail"))
    page.get_by_label("Risk").select_option("Low")
    page.wait_for_url(re.compile("risk=low"))
    page.go_back()
    assert (field.input_value(), page.get_by_label("Risk").input_value()) == ("mail", "")
    page.go_back()
    assert field.input_value() == "file"
    page.locator("#search-results").get_by_role("link", name="read_file").wait_for()


def test_more_results_follow_and_take_the_focus(opened: Any, address: str) -> None:
    page = opened(f"{address}?kind=tool")
    wait_for(page, "20 shown")
    page.get_by_role("button", name="More results").click()
    page.wait_for_function("document.querySelectorAll('#search-results .row').length > 20")
    assert page.evaluate("document.activeElement.textContent") == names(page)[20]
    assert len(names(page)) == len(
        page.evaluate("[...new Set([...document.querySelectorAll('#search-results .what > a')].map((a) => a.href))]")
    )


@pytest.mark.parametrize("query", ["", "?q=file", "?q=markup", "?q=zalgo", "?q=hostile", "?server=hostile"])
def test_search_is_never_wider_than_the_window_and_runs_nothing_of_strangers(
    opened: Any, address: str, query: str
) -> None:
    page = opened(address + query)
    if query:
        wait_for(page, "found")
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title() != "owned"
    assert page.evaluate("document.images.length") == 0
    assert page.evaluate("document.scripts.length") == 4
    assert page.problems == []


@pytest.mark.parametrize("query", ["", "?q=file", "?q=nothing-has-this", "?server=hostile"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("light", 1280), ("dark", 1280)])
def test_search_has_no_accessibility_violation(
    opened: Any, address: str, query: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = opened(address + query, color_scheme=scheme, viewport={"width": width, "height": 900})
    if query:
        wait_for(page, "found|Nothing")
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [(one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]] == []


def test_without_script_the_page_says_what_to_do_instead(opened: Any, address: str) -> None:
    page = opened(address, java_script_enabled=False)
    assert page.locator("input:visible, select:visible, button:visible").count() == 0
    assert page.locator("noscript p").is_visible()
    page.get_by_role("link", name="Critical").click()
    assert "Critical" in page.locator("h1").inner_text()


def test_search_works_from_the_file_system(opened: Any, searchable: Path) -> None:
    page = opened((searchable / urls.SEARCH).as_uri() + "?q=send_mail")
    wait_for(page, "found")
    page.get_by_role("link", name="send_mail").first.click()
    assert page.locator("h1").inner_text() == "send_mail"
    assert page.problems == []


def test_missing_files_are_said_and_the_next_search_tries_again(opened: Any, address: str, searchable: Path) -> None:
    contents = searchable / "search" / "index.js"
    shutil.move(contents, contents.with_suffix(".away"))
    try:
        page = opened(f"{address}?q=file")
        wait_for(page, "could not be read")
    finally:
        shutil.move(contents.with_suffix(".away"), contents)
    page.get_by_label("Words of a name").fill("file ")
    wait_for(page, "found")


def test_browser_cuts_words_as_the_index_does(opened: Any, address: str) -> None:
    page = opened(address)
    texts = [*TEXTS, *(record.text + record.name for record in large_records())]
    cut = page.evaluate(
        """async (texts) => {
             const { passedOver, contents } = await toolriskSearch.open("../search/");
             return texts.map((text) => toolriskIndex.cutText(text, passedOver, contents.word_limit));
           }""",
        texts,
    )
    assert cut == [cut_text(text) for text in texts]


@pytest.mark.parametrize(
    "filters", [{}, {"risk": "critical"}, {"category": "write", "kind": "tool"}, {"facet": "egress.none"}]
)
@pytest.mark.parametrize(
    "typed", ["", "file ", "file", "get price ", "list file ", "s", "mail send", "a file order ", "move fil", "zzz "]
)
def test_no_record_is_missed_and_none_shown_twice(
    opened: Any, address: str, typed: str, filters: dict[str, str]
) -> None:
    page = opened(address)
    ranks, found, _ = page.evaluate(FIND_ALL, ["../large/search/", typed, filters])
    assert sorted(ranks) == find_ranks(large_records(), typed, filters)
    assert found == len(ranks)
    assert page.problems == []
