"""Building: deterministic, and sparing. The folder it writes is looked at in test_output.py."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.vocabulary import Claim
from site_builder.output import KEPT
from site_builder.state import SiteState
from tests.site_builder.building import build_list, read_all, read_times
from tests.site_builder.catalog_factory import make_catalog, make_mail_server, make_shop
from tests.site_builder.change_factory import make_change, make_changes, make_removal
from tests.site_builder.record_factory import LOOKED_AT

MAIL_DOCUMENT = "api/v1/servers/paperboat-mail.json"


def test_two_builds_are_byte_identical(tmp_path: Path) -> None:
    build_list(tmp_path / "one", make_catalog(), make_changes())
    build_list(tmp_path / "two", make_catalog(), make_changes())
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


def test_unchanged_rebuild_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "public"
    first = build_list(out, make_catalog(), make_changes())
    before = read_times(out)
    second = build_list(out, make_catalog(), make_changes())
    assert read_times(out) == before
    assert (second.pages_written, second.pages_removed) == (0, 0)
    assert second.pages_unchanged == first.pages_written
    assert second.index_path == out / "index.html"


def test_changed_tool_rewrites_its_pages_and_no_others(tmp_path: Path) -> None:
    mail, shop = make_mail_server(), make_shop()
    build_list(tmp_path, [shop, mail])
    before = read_all(tmp_path)
    tools = tuple(
        replace(tool, definition=replace(tool.definition, title="Post a letter")) if tool.slug == "send_mail" else tool
        for tool in mail.tools
    )
    report = build_list(tmp_path, [shop, replace(mail, tools=tools)])
    after = read_all(tmp_path)
    changed = {path for path in after if after[path] != before.get(path)}
    of_all = {path for path in changed if path.startswith(("downloads/", "search/"))}
    assert changed - of_all == {"servers/paperboat-mail/send_mail/index.html", MAIL_DOCUMENT}
    assert of_all
    assert report.pages_written == len(changed)


def changed_files(out: Path, server: CatalogServer, changes: Iterable[ToolChange]) -> set[str]:
    before = read_all(out)
    build_list(out, [make_shop(), server], changes)
    return {path for path, content in read_all(out).items() if content != before.get(path)}


def test_new_change_rewrites_the_pages_that_tell_it_and_no_others(tmp_path: Path) -> None:
    told = [make_change("corner-shop", "get_price", at="2026-11-01T00:00:00+00:00"), make_change()]
    build_list(tmp_path, [make_shop(), make_mail_server()], told[:1])
    mail = {"servers/paperboat-mail/index.html", "servers/paperboat-mail/feed.xml", MAIL_DOCUMENT}
    lists = {"index.html", "feed.xml", "changes/index.html", f"changes/{told[1].at[:10]}/index.html"}
    assert changed_files(tmp_path, make_mail_server(), told) == {*mail, *lists, "api/v1/changes.json"}
    assert changed_files(tmp_path, make_mail_server(), told) == set()


def test_feed_goes_when_its_server_has_no_changes_any_more(tmp_path: Path) -> None:
    build_list(tmp_path, [make_mail_server()], [make_removal("paperboat-mail", "forward_mail")])
    assert (tmp_path / "servers" / "paperboat-mail" / "feed.xml").is_file()
    assert build_list(tmp_path, [make_mail_server()]).pages_removed == 2  # with the page of that day's changes
    assert not (tmp_path / "servers" / "paperboat-mail" / "feed.xml").exists()


def test_looking_again_rewrites_the_page_of_the_server_alone_and_once_a_day(tmp_path: Path) -> None:
    mail = replace(make_mail_server(), checked_at="2026-11-18T09:30:00+00:00")
    build_list(tmp_path, [make_shop(), mail])
    page = {"servers/paperboat-mail/index.html", MAIL_DOCUMENT}
    again = replace(mail, checked_at="2026-11-18T21:30:00+00:00")
    assert changed_files(tmp_path, again, ()) == set()
    assert changed_files(tmp_path, replace(mail, checked_at="2026-11-19T09:30:00+00:00"), ()) == page
    assert changed_files(tmp_path, replace(mail, claim=Claim.VERIFIED, listed_by=("a-list",)), ()) == page


def test_tools_pages_are_not_rendered_again_for_a_check_or_a_change(tmp_path: Path) -> None:
    mail = make_mail_server()
    build_list(tmp_path, [mail])
    before = read_digests(tmp_path)
    build_list(tmp_path, [replace(mail, checked_at=LOOKED_AT)], [make_change()])
    (tools, page), (tools_later, page_later) = before[mail.slug], read_digests(tmp_path)[mail.slug]
    assert tools_later == tools
    assert page_later != page


def read_digests(out: Path) -> dict[str, tuple[str, str]]:
    state = SiteState(out / KEPT / "state.db")
    try:
        return state.server_keys()
    finally:
        state.close()


def test_stale_pages_and_their_folders_are_removed(tmp_path: Path) -> None:
    mail, shop = make_mail_server(), make_shop()
    build_list(tmp_path, [shop, mail])
    before = read_all(tmp_path)
    fewer = replace(mail, tools=tuple(tool for tool in mail.tools if tool.slug != "delete_mail"))
    report = build_list(tmp_path, [fewer])
    assert not (tmp_path / "servers" / "corner-shop").exists()
    assert not (tmp_path / "servers" / "paperboat-mail" / "delete_mail").exists()
    assert (tmp_path / "servers" / "paperboat-mail" / "send_mail" / "policy.json").is_file()
    assert report.pages_removed == len(before.keys() - read_all(tmp_path).keys()) > 2 * len(shop.tools) + 2


def test_slug_that_would_leave_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no path for a page"):
        build_list(tmp_path, [replace(make_mail_server(), slug="../../escaped")])


def test_read_only_mappings_are_digested_like_dicts(tmp_path: Path) -> None:
    mail = make_mail_server()
    frozen = tuple(
        replace(tool, definition=replace(tool.definition, annotations=MappingProxyType(tool.definition.annotations)))
        for tool in mail.tools
    )
    build_list(tmp_path, [mail])
    assert build_list(tmp_path, [replace(mail, tools=frozen)]).pages_written == 0


def test_empty_catalog_makes_a_site_that_says_so(tmp_path: Path) -> None:
    build_list(tmp_path, [])
    page = (tmp_path / "index.html").read_text()
    assert "<dt>Servers</dt><dd>0</dd>" in page
    assert "No tool has been seen to change yet." in page
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert (tmp_path / "feed.xml").is_file()
    assert "No tool in this catalog" in (tmp_path / "category" / "read" / "index.html").read_text()


def test_known_address_makes_canonical_links(tmp_path: Path) -> None:
    build_list(tmp_path, [make_mail_server()], base_url="https://tools.example.org/catalog/")
    page = (tmp_path / "servers" / "paperboat-mail" / "index.html").read_text()
    assert '<link rel="canonical" href="https://tools.example.org/catalog/servers/paperboat-mail/">' in page
    missing = (tmp_path / "404.html").read_text()
    assert 'href="https://tools.example.org/catalog/static/style.css"' in missing
