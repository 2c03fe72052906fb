"""Feeds: Atom that readers understand, ids that stay, strangers' words harmless."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.history import ToolChange
from catalog.vocabulary import Category, Risk
from site_builder.changes import find_pages
from site_builder.feed import Feed, render_feed
from tests.site_builder.building import build_list
from tests.site_builder.catalog_factory import make_catalog, make_mail_server
from tests.site_builder.change_factory import SCRIPT, make_change, make_changes, make_removal
from tests.site_builder.conftest import build
from tests.site_builder.record_factory import LOOKED_AT

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
MAIL_FEED = Feed("Changes", "servers/paperboat-mail/feed.xml", "servers/paperboat-mail/index.html", "paperboat-mail")
FEEDS = ["feed.xml", *(f"servers/{slug}/feed.xml" for slug in ("corner-shop", "hostile", "paperboat-mail"))]


def parse(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314  made by us


def text_of(element: ET.Element, tag: str) -> str:
    (found,) = element.findall(ATOM + tag)
    return found.text or ""


def entries_of(content: bytes) -> list[ET.Element]:
    return parse(content).findall(f"{ATOM}entry")


def links_of(element: ET.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


def render(changes: Sequence[ToolChange], base_url: str = "", built_at: str = LOOKED_AT) -> bytes:
    pages = find_pages(make_mail_server(), changes)
    return render_feed(MAIL_FEED, changes, pages, built_at=built_at, base_url=base_url)


@pytest.mark.parametrize("path", FEEDS)
def test_feed_has_what_atom_demands(site: Path, path: str) -> None:
    feed = parse((site / path).read_bytes())
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for element in (feed, *entries):
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text_of(element, "id"))
        assert text_of(element, "title")
        assert datetime.fromisoformat(text_of(element, "updated")).tzinfo is not None
        assert "alternate" in links_of(element)
    assert text_of(feed, "updated") == max(text_of(entry, "updated") for entry in entries)


def test_only_servers_with_changes_have_a_feed(site: Path) -> None:
    assert sorted(path.relative_to(site).as_posix() for path in site.rglob("*.xml")) == sorted(FEEDS)


@pytest.mark.parametrize("path", FEEDS)
def test_links_of_a_feed_lead_to_pages(site: Path, path: str) -> None:
    feed = parse((site / path).read_bytes())
    links = [link for element in (feed, *feed.findall(f"{ATOM}entry")) for link in links_of(element).values()]
    for link in links:
        target = ((site / path).parent / link).resolve()
        assert target.is_relative_to(site.resolve())
        assert target.is_file(), link
    assert ((site / path).parent / links_of(feed)["self"]).resolve() == (site / path).resolve()


def test_entry_is_one_line_that_says_what_where_and_from_which_version_to_which() -> None:
    (entry,) = entries_of(render([make_change(risk=Risk.CRITICAL, hints_changed=True)]))
    title = "paperboat-mail 1.4.1 -> 1.4.2: send_mail: risk rose from Medium to Critical; schema changed; "
    assert text_of(entry, "title") == title + "declared hints changed"
    assert [term.attrib["term"] for term in entry.findall(f"{ATOM}category")] == ["notable", "changed"]


def test_removed_tool_leads_to_its_server_and_is_not_notable() -> None:
    (entry,) = entries_of(render([make_removal("paperboat-mail", "forward_mail")]))
    assert links_of(entry)["alternate"] == "../../servers/paperboat-mail/index.html"
    assert [term.attrib["term"] for term in entry.findall(f"{ATOM}category")] == ["removed"]


def test_ids_are_unique_in_every_feed_and_the_same_in_all(site: Path) -> None:
    ids = {path: [text_of(entry, "id") for entry in entries_of((site / path).read_bytes())] for path in FEEDS}
    assert all(count == 1 for found in ids.values() for count in Counter(found).values())
    assert {one for path in FEEDS[1:] for one in ids[path]} < set(ids["feed.xml"])
    feeds = [text_of(parse((site / path).read_bytes()), "id") for path in FEEDS]
    assert len(set(feeds)) == len(FEEDS)


def test_ids_stay_whatever_the_address_the_order_and_the_verdict() -> None:
    change, other = make_change(), make_removal("paperboat-mail", "forward_mail")
    judged_anew = replace(change, category=Category.DESTRUCTIVE, risk=Risk.CRITICAL, possible=Category.FINANCIAL)
    one = parse(render([change, other]))
    two = parse(render([other, judged_anew], "https://tools.example.org/", "2027-01-01T00:00:00+00:00"))
    assert text_of(one, "id") == text_of(two, "id")
    ids = [[text_of(entry, "id") for entry in feed.findall(f"{ATOM}entry")] for feed in (one, two)]
    assert ids[0] == ids[1][::-1]
    # Written out: an id that a reader holds must not change with a release.
    assert ids[0][0] == "urn:uuid:7efdfb91-5c0c-5061-87ca-9e342490b936"


def test_known_address_is_the_base_of_the_links(tmp_path: Path) -> None:
    build(tmp_path, base_url="https://tools.example.org/catalog")
    feed = parse((tmp_path / "servers" / "paperboat-mail" / "feed.xml").read_bytes())
    base = "https://tools.example.org/catalog/servers/paperboat-mail/"
    assert urljoin(feed.attrib[BASE], links_of(feed)["self"]) == f"{base}feed.xml"
    entry = feed.findall(f"{ATOM}entry")[0]
    assert urljoin(feed.attrib[BASE], links_of(entry)["alternate"]) == f"{base}send_mail/index.html"
    assert BASE not in parse(render([make_change()])).attrib


def test_empty_feed_is_dated_by_the_newest_look() -> None:
    assert text_of(parse(render([])), "updated") == LOOKED_AT
    assert text_of(parse(render([], built_at="")), "updated").startswith("1970-")


def test_feeds_hold_a_hundred_changes_of_all_and_fifty_of_one(tmp_path: Path) -> None:
    changes = [make_change(at=f"2026-11-17T08:{at // 60:02}:{at % 60:02}+00:00") for at in range(150)]
    build_list(tmp_path, [make_mail_server()], changes)
    whole = entries_of((tmp_path / "feed.xml").read_bytes())
    own = entries_of((tmp_path / "servers" / "paperboat-mail" / "feed.xml").read_bytes())
    assert (len(whole), len(own)) == (100, 50)
    assert text_of(whole[0], "updated") == text_of(own[0], "updated") == changes[-1].at


def test_hostile_names_stay_text(site: Path) -> None:
    content = (site / "servers" / "hostile" / "feed.xml").read_bytes()
    assert {element.tag for element in parse(content).iter()} == {
        f"{ATOM}{tag}" for tag in ("feed", "id", "title", "updated", "author", "name", "link", "entry", "category")
    }
    titles = [text_of(entry, "title") for entry in entries_of(content)]
    assert SCRIPT in titles[0]
    assert "⟨U+202E⟩⟨U+0000⟩⟨U+001B⟩\N{REPLACEMENT CHARACTER}" in titles[0]
    assert max(map(len, titles)) < 400


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_name_and_version_make_a_feed_that_parses(name: str, version: str) -> None:
    shown = render([make_change(tool=name, tool_slug="any", server_name=name, version=version)])
    (entry,) = entries_of(shown)
    title = text_of(entry, "title")
    assert "\n" not in title
    assert not set("\u202e\u2066\u200b\x00\x1b\ufffe\uffff") & set(title)


def test_made_up_changes_are_of_the_made_up_catalog() -> None:
    slugs = {server.slug for server in make_catalog()}
    assert {change.server for change in make_changes()} - slugs == {"moved-away"}
