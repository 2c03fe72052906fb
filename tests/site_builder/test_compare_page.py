"""The page that compares servers: what it says without script, and what its script does in a browser."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser

from catalog.records import CatalogServer
from site_builder.api.documents import all_tool_fields
from site_builder.api.publish import make_server_file
from site_builder.api.server_list import ServerList
from site_builder.compare_page import COMPARE, make_compare_page
from site_builder.environment import STATIC, make_reference, make_renderer
from site_builder.judged import judge_server
from tests.site_builder.browsing import serve
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_file_server, make_mail_server


def make_versions() -> tuple[CatalogServer, ...]:
    """Make the catalog, and a fork of the file server with a tool less, one more and one judged otherwise."""
    shelf = make_file_server()
    command = next(tool for tool in shelf.tools if tool.slug == "run_command")
    changed = {"read_file": replace(command, slug="read_file")}
    kept = [changed.get(tool.slug, tool) for tool in shelf.tools if tool.slug != "move_file"]
    kept = [replace(one, definition=replace(one.definition, name=one.slug)) for one in kept]
    mail = make_mail_server().tools[0]
    return (*make_catalog(), replace(shelf, slug="shelf-fork", title="Shelf fork", tools=(*kept, mail)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("compare")
    path, page = make_compare_page("")
    files = {path: make_renderer()("pages/compare.html", page).encode()}
    listed = ServerList()
    for server, brief in zip(make_versions(), make_briefs(make_versions()), strict=True):
        files |= dict(listed.add(brief))
        name, content = make_server_file(server, all_tool_fields(judge_server(server)))
        files[name] = content
    files |= dict(listed.finish())
    files |= {f"static/{file.name}": file.read_bytes() for file in STATIC.iterdir()}
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    return out


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serve(folder) as address:
        yield address + COMPARE


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert problems == []


def results(page: Page) -> dict[str, str]:
    page.wait_for_selector("#compare-result:not([hidden])")
    rows = page.locator(".comparison tbody tr")
    return {row.locator("th").inner_text(): row.locator("td").last.inner_text() for row in rows.all()}


def test_page_explains_itself_without_script_and_leads_to_the_list() -> None:
    path, page = make_compare_page("https://tools.example.org/")
    html = make_renderer()("pages/compare.html", page)
    assert html == make_reference()("pages/compare.html", page)
    without = LexborHTMLParser(html).css_first("noscript")
    assert without is not None
    assert "../api/v1/servers/SLUG.json" in html
    assert 'href="../api/v1/servers.json"' in html
    assert path == "compare/index.html"
    form = LexborHTMLParser(html).css_first("form")
    assert form is not None
    assert "hidden" in form.attributes


@pytest.mark.browser
def test_address_names_both_servers_and_those_that_differ_come_first(tab: Page, address: str) -> None:
    tab.goto(f"{address}?a=shelf-files&b=shelf-fork")
    found = results(tab)
    assert list(found)[:3] == ["read_file", "move_file", "delete_mail"]
    assert [found[name] for name in list(found)[:3]] == ["Differs", "Only in the first", "Only in the second"]
    assert set(list(found.values())[3:]) == {"Same"}
    assert "7 tools in both, 1 of them judged otherwise" in tab.inner_text("#compare-summary")
    assert tab.inner_text("#announcer") == tab.inner_text("#compare-summary")


@pytest.mark.browser
def test_form_is_used_by_keyboard_and_the_address_can_be_shared(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.focus("#compare-a")
    tab.keyboard.type("paperboat-mail")
    tab.keyboard.press("Tab")
    tab.keyboard.type("corner-shop")
    tab.keyboard.press("Enter")
    results(tab)
    assert tab.url.endswith("?a=paperboat-mail&b=corner-shop")
    assert tab.evaluate("document.activeElement.id") == "result-heading"
    assert "Not analysed" in tab.locator("tr", has_text="restock").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("slug", ["no-such-server", "../../secret", "https://example.org/x"])
def test_unknown_server_gets_one_clear_line(tab: Page, address: str, slug: str) -> None:
    tab.goto(address)
    tab.fill("#compare-a", slug)
    tab.fill("#compare-b", "corner-shop")
    tab.press("#compare-b", "Enter")
    tab.wait_for_selector("#compare-problem:not([hidden])")
    assert tab.inner_text("#compare-problem").startswith(f"There is no server “{slug}” in this catalog")
    assert not tab.is_visible("#compare-result")


@pytest.mark.browser
def test_names_are_suggested_while_typing(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.fill("#compare-a", "shelf")
    tab.wait_for_selector("#compare-names option:nth-child(2)", state="attached")
    options = tab.eval_on_selector_all("#compare-names option", "found => found.map((one) => one.value)")
    assert options == ["shelf-files", "shelf-fork"]


@pytest.mark.browser
def test_kept_document_stands_for_an_earlier_version(tab: Page, address: str, folder: Path, tmp_path: Path) -> None:
    held = json.loads((folder / "api" / "v1" / "servers" / "shelf-files.json").read_bytes())
    held["server"]["version"] = "1.9.0"
    held["tools"] = held["tools"][1:]
    (tmp_path / "kept.json").write_text(json.dumps(held))
    tab.goto(address)
    tab.set_input_files("#compare-kept", tmp_path / "kept.json")
    tab.fill("#compare-b", "shelf-files")
    tab.press("#compare-b", "Enter")
    assert next(iter(results(tab).items())) == ("create_directory", "Only in the second")
    assert tab.inner_text("#result-heading") == "Shelf 1.9.0 and Shelf 2.0.0"


@pytest.mark.browser
@pytest.mark.parametrize("content", ["not json", "[]", '{"server": null}', '{"server": {"name": "x"}, "tools": 3}'])
def test_file_that_is_no_document_gets_one_clear_line(tab: Page, address: str, tmp_path: Path, content: str) -> None:
    (tmp_path / "kept.json").write_text(content)
    tab.goto(address)
    tab.set_input_files("#compare-kept", tmp_path / "kept.json")
    tab.fill("#compare-b", "shelf-files")
    tab.press("#compare-b", "Enter")
    tab.wait_for_selector("#compare-problem:not([hidden])")
    assert "document" in tab.inner_text("#compare-problem")


@pytest.mark.browser
def test_hostile_names_stay_text_with_what_is_hidden_made_visible(tab: Page, address: str) -> None:
    tab.goto(f"{address}?a=hostile&b=corner-shop")
    results(tab)
    text = tab.inner_text(".comparison")
    assert "<script>document.title" in text
    assert "⟨U+202E⟩" in text
    assert "\u202e" not in text
    assert tab.locator(".comparison script, .comparison img").count() == 0
    assert "owned" not in tab.title()
