"""The site as a browser shows it: widths, colours, keyboard, script on and off, accessibility."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site_builder.browsing import RULES, serve

pytestmark = pytest.mark.browser

KINDS = {
    "home": "index.html",
    "server": "servers/paperboat-mail/index.html",
    "server read in part": "servers/corner-shop/index.html",
    "server not read": "servers/locked-door/index.html",
    "tool": "servers/paperboat-mail/send_mail/index.html",
    "tool not analysed": "servers/corner-shop/restock/index.html",
    "hostile server": "servers/hostile/index.html",
    "hostile markup": "servers/hostile/markup/index.html",
    "hostile names": "servers/hostile/long-name/index.html",
    "hostile bidi": "servers/hostile/bidi/index.html",
    "zalgo": "servers/hostile/zalgo/index.html",
    "category": "category/destructive/index.html",
    "empty list": "risk/high/index.html",
    "not analysed": "not-analysed/index.html",
    "attacks": "attacks/index.html",
    "changes": "changes/index.html",
    "combinations": "combinations/index.html",
    "compare": "compare/index.html",
    "downloads": "downloads/index.html",
    "facets": "facets/index.html",
    "findings": "findings/index.html",
    "policies": "servers/paperboat-mail/policy/index.html",
    "rules": "rules/index.html",
    "sources": "sources/index.html",
    "methodology": "methodology/index.html",
    "missing": "404.html",
}


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serve(site) as address:
        yield address


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_page_is_never_wider_than_the_window(opened: Any, address: str, kind: str) -> None:
    page = opened(address + KINDS[kind])
    for width in (320, 360, 641, 768, 1000, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.problems == []


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("light", 1280), ("dark", 1280)])
def test_page_has_no_accessibility_violation(
    opened: Any, address: str, kind: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = opened(address + KINDS[kind], color_scheme=scheme, viewport={"width": width, "height": 900})
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    found = [
        (one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"])
        for one in results.response["violations"]
    ]
    assert found == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_that_strangers_wrote_runs(opened: Any, address: str, kind: str) -> None:
    page = opened(address + KINDS[kind])
    assert page.title() != "owned"
    assert page.evaluate("document.scripts.length") <= 2
    foreign = "[...document.images].filter((image) => !image.src.endsWith('/badge.svg')).length"
    assert page.evaluate(foreign) == 0
    assert page.problems == []


def test_hostile_text_stays_in_its_box(opened: Any, address: str) -> None:
    page = opened(address + KINDS["hostile names"], viewport={"width": 360, "height": 800})
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".body > section, .side > *")].map((section) => {
             const box = section.getBoundingClientRect();
             return [box.top, box.bottom, box.left, box.right];
           })"""
    )
    assert all(left >= 0 and right <= 360 for _, _, left, right in boxes)
    assert all(lower[0] >= upper[1] for upper, lower in pairwise(boxes) if lower[1] > lower[0])


@pytest.mark.parametrize("button", ["Copy policy", "Copy policy.json"])
def test_copy_button_copies_the_policy(opened: Any, address: str, site: Path, button: str) -> None:
    page = opened(address + KINDS["tool"], permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=button, exact=True).first.click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (site / "servers" / "paperboat-mail" / "send_mail" / "policy.json").read_text()
    assert page.locator("#announcer").text_content() == button.replace("Copy", "Copied")
    page.get_by_role("button", name=button, exact=True).wait_for()


@pytest.mark.parametrize("kind", ["server", "tool", "policies"])
def test_each_copy_button_names_what_it_copied(opened: Any, address: str, kind: str) -> None:
    page = opened(address + KINDS[kind], permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    buttons = page.locator("button[data-copy]").all()
    named = [button.text_content() for button in buttons]
    assert len(named) == len(set(named)) > 1
    for button, name in zip(buttons, named, strict=True):
        button.click()
        page.locator("#announcer", has_text=name.replace("Copy", "Copied")).wait_for()
        source = page.locator(f"#{button.get_attribute('data-copy')}").text_content()
        assert page.evaluate("navigator.clipboard.readText()") == source


def test_copy_without_permission_selects_the_policy(opened: Any, address: str, site: Path) -> None:
    page = opened(address + KINDS["tool"])
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Copy policy.json").click()
    page.get_by_role("button", name="Selected policy.json").wait_for()
    assert page.locator("#announcer").text_content() == "Selected policy.json; copy it now"
    expected = (site / "servers" / "paperboat-mail" / "send_mail" / "policy.json").read_text()
    assert page.evaluate("getSelection().toString()").strip() == expected.strip()


def test_download_is_the_policy_file(opened: Any, address: str, site: Path) -> None:
    page = opened(address + KINDS["tool"])
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download").first.click()
    assert caught.value.suggested_filename == "policy-send_mail.json"
    expected = site / "servers" / "paperboat-mail" / "send_mail" / "policy.json"
    assert Path(caught.value.path()).read_bytes() == expected.read_bytes()


def test_policy_that_is_shown_is_saved_from_the_page(opened: Any, address: str) -> None:
    page = opened(address + KINDS["policies"])
    page.locator("summary").first.click()
    button = page.locator("button[data-save]").first
    with page.expect_download() as caught:
        button.click()
    assert caught.value.suggested_filename == button.get_attribute("data-name")
    shown = page.locator(f"#{button.get_attribute('data-save')}").text_content()
    assert Path(caught.value.path()).read_text(encoding="utf-8") == shown


def test_filter_leaves_the_rows_with_all_words(opened: Any, address: str) -> None:
    page = opened(address + "servers/shelf-files/index.html")
    page.get_by_label("Filter tools").fill("FILE delete")
    shown = page.locator("#tools .row:visible")
    assert shown.count() == 1
    assert "delete_file" in shown.inner_text()
    assert page.locator("#tools .group:visible").count() == 1
    page.get_by_label("Filter tools").fill("")
    assert page.locator("#tools .row:visible").count() == 8


def test_dark_mode_is_dark(opened: Any, address: str) -> None:
    colours = [
        opened(address, color_scheme=scheme).evaluate("getComputedStyle(document.documentElement).backgroundColor")
        for scheme in ("light", "dark")
    ]
    lightness = [sum(int(part) for part in colour.strip("rgb()").split(",")) for colour in colours]
    assert lightness[0] > 600
    assert lightness[1] < 150


@pytest.mark.parametrize("kind", ["home", "server", "tool", "category"])
def test_page_is_complete_without_script(opened: Any, address: str, kind: str) -> None:
    bare = opened(address + KINDS[kind], java_script_enabled=False)
    full = opened(address + KINDS[kind])
    assert bare.locator("main h2").all_inner_texts() == full.locator("main h2").all_inner_texts()
    assert bare.locator("button:visible, input:visible").count() == 0
    assert bare.locator(".row:visible").count() == full.locator(".row:visible").count()
    assert bare.problems == []


def test_page_works_from_the_file_system(opened: Any, site: Path) -> None:
    page = opened((site / "index.html").as_uri())
    page.get_by_role("link", name="Paperboat Mail").click()
    page.locator("#tools").get_by_role("link", name="send_mail").click()
    assert page.locator("h1").inner_text() == "send_mail"
    assert page.evaluate("getComputedStyle(document.querySelector('.verdict')).display") == "grid"
    assert page.get_by_role("button", name="Copy policy", exact=True).is_visible()
    assert page.problems == []


def test_keyboard_alone_reaches_the_content_and_the_policy(opened: Any, address: str) -> None:
    page = opened(address + KINDS["tool"], permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Copy policy":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copied").wait_for()


def test_print_is_dark_on_light_in_dark_mode_too(opened: Any, address: str) -> None:
    page = opened(address + KINDS["tool"], color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert sum(int(part) for part in ink.strip("rgb()").split(",")) < 150


def test_print_hides_controls_and_shows_the_whole_policy(opened: Any, address: str) -> None:
    page = opened(address + KINDS["server"])
    page.emulate_media(media="print")
    assert page.locator("nav:visible, button:visible").count() == 0
    clipped = page.evaluate(
        "(() => { const box = document.getElementById('policy'); return box.scrollHeight - box.clientHeight; })()"
    )
    assert clipped <= 1
