"""Building: deterministic, sparing, careful with folders that are not ours."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import orjson
import pytest

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.vocabulary import Claim
from site_builder.for_programs import Holdings
from site_builder.output import MANIFEST, ForeignFolderError
from site_builder.run import SiteReport, build_site
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog, make_mail_server, make_shop
from tests.site_builder.change_factory import make_change, make_changes, make_history, make_removal
from tests.site_builder.conftest import INCIDENTS
from tests.site_builder.record_factory import LOOKED_AT
from tests.site_builder.status_factory import STATUS

MAIL_DOCUMENT = "api/v1/servers/paperboat-mail.json"


def build(out: Path, servers: Iterable[CatalogServer], changes: Iterable[ToolChange] = ()) -> SiteReport:
    held, history = tuple(servers), make_history(changes)
    return build_site(lambda: held, out, incidents=INCIDENTS, history=history, holdings=Holdings(STATUS))


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_two_builds_are_byte_identical(tmp_path: Path) -> None:
    build(tmp_path / "one", make_catalog(), make_changes())
    build(tmp_path / "two", make_catalog(), make_changes())
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


def test_unchanged_rebuild_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "public"
    first = build(out, make_catalog(), make_changes())
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    second = build(out, make_catalog(), make_changes())
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    assert (second.pages_written, second.pages_removed) == (0, 0)
    assert second.pages_unchanged == first.pages_written
    assert second.index_path == out / "index.html"


def test_changed_tool_rewrites_its_pages_and_no_others(tmp_path: Path) -> None:
    mail, shop = make_mail_server(), make_shop()
    build(tmp_path, [shop, mail])
    before = read_all(tmp_path)
    tools = tuple(
        replace(tool, definition=replace(tool.definition, title="Post a letter")) if tool.slug == "send_mail" else tool
        for tool in mail.tools
    )
    report = build(tmp_path, [shop, replace(mail, tools=tools)])
    after = read_all(tmp_path)
    changed = {path for path in after if after[path] != before.get(path)} - {MANIFEST}
    of_all = {path for path in changed if path.startswith(("downloads/", "search/"))}
    assert changed - of_all == {"servers/paperboat-mail/send_mail/index.html", MAIL_DOCUMENT}
    assert of_all
    assert report.pages_written == len(changed)


def changed_files(out: Path, server: CatalogServer, changes: Iterable[ToolChange]) -> set[str]:
    before = read_all(out)
    build(out, [make_shop(), server], changes)
    return {path for path, content in read_all(out).items() if content != before.get(path)} - {MANIFEST}


def test_new_change_rewrites_the_pages_that_tell_it_and_no_others(tmp_path: Path) -> None:
    told = [make_change("corner-shop", "get_price", at="2026-11-01T00:00:00+00:00"), make_change()]
    build(tmp_path, [make_shop(), make_mail_server()], told[:1])
    mail = {"servers/paperboat-mail/index.html", "servers/paperboat-mail/feed.xml", MAIL_DOCUMENT}
    lists = {"index.html", "feed.xml", "changes/index.html", f"changes/{told[1].at[:10]}/index.html"}
    assert changed_files(tmp_path, make_mail_server(), told) == {*mail, *lists, "api/v1/changes.json"}
    assert changed_files(tmp_path, make_mail_server(), told) == set()


def test_feed_goes_when_its_server_has_no_changes_any_more(tmp_path: Path) -> None:
    build(tmp_path, [make_mail_server()], [make_removal("paperboat-mail", "forward_mail")])
    assert (tmp_path / "servers" / "paperboat-mail" / "feed.xml").is_file()
    assert build(tmp_path, [make_mail_server()]).pages_removed == 2  # with the page of that day's changes
    assert not (tmp_path / "servers" / "paperboat-mail" / "feed.xml").exists()


def test_looking_again_rewrites_the_page_of_the_server_alone_and_once_a_day(tmp_path: Path) -> None:
    mail = replace(make_mail_server(), checked_at="2026-11-18T09:30:00+00:00")
    build(tmp_path, [make_shop(), mail])
    page = {"servers/paperboat-mail/index.html", MAIL_DOCUMENT}
    again = replace(mail, checked_at="2026-11-18T21:30:00+00:00")
    assert changed_files(tmp_path, again, ()) == set()
    assert changed_files(tmp_path, replace(mail, checked_at="2026-11-19T09:30:00+00:00"), ()) == page
    assert changed_files(tmp_path, replace(mail, claim=Claim.VERIFIED, listed_by=("a-list",)), ()) == page


def test_tools_pages_are_not_rendered_again_for_a_check_or_a_change(tmp_path: Path) -> None:
    mail = make_mail_server()
    build(tmp_path, [mail])
    units = orjson.loads((tmp_path / MANIFEST).read_bytes())["units"]
    build(tmp_path, [replace(mail, checked_at=LOOKED_AT)], [make_change()])
    later = orjson.loads((tmp_path / MANIFEST).read_bytes())["units"]
    assert later["servers/paperboat-mail/tools"] == units["servers/paperboat-mail/tools"]
    assert later["servers/paperboat-mail"] != units["servers/paperboat-mail"]


def test_stale_pages_and_their_folders_are_removed(tmp_path: Path) -> None:
    mail, shop = make_mail_server(), make_shop()
    build(tmp_path, [shop, mail])
    before = read_all(tmp_path)
    fewer = replace(mail, tools=tuple(tool for tool in mail.tools if tool.slug != "delete_mail"))
    report = build(tmp_path, [fewer])
    assert not (tmp_path / "servers" / "corner-shop").exists()
    assert not (tmp_path / "servers" / "paperboat-mail" / "delete_mail").exists()
    assert (tmp_path / "servers" / "paperboat-mail" / "send_mail" / "policy.json").is_file()
    assert report.pages_removed == len(before.keys() - read_all(tmp_path).keys()) > 2 * len(shop.tools) + 2


def test_folder_with_foreign_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ForeignFolderError, match="choose an empty one"):
        build(tmp_path, make_catalog())
    assert read_all(tmp_path) == {"thesis.txt": b"years of work"}


def test_foreign_file_beside_our_pages_survives(tmp_path: Path) -> None:
    build(tmp_path, [make_shop(), make_mail_server()])
    note = tmp_path / "servers" / "corner-shop" / "note.txt"
    note.write_text("mine")
    build(tmp_path, [make_mail_server()])
    assert note.read_text() == "mine"


def test_broken_off_build_is_taken_up_again(tmp_path: Path) -> None:
    def broken() -> Iterable[CatalogServer]:
        calls.append(None)
        yield make_shop()
        if len(calls) == 2:
            raise ConnectionError
        yield make_mail_server()

    calls: list[None] = []
    with pytest.raises(ConnectionError):
        build_site(broken, tmp_path / "site", incidents=INCIDENTS, history=make_history(), holdings=Holdings(STATUS))
    build(tmp_path / "site", [make_shop(), make_mail_server()])
    build(tmp_path / "whole", [make_shop(), make_mail_server()])
    assert read_all(tmp_path / "site") == read_all(tmp_path / "whole")


@pytest.mark.parametrize("damage", ["changed", "deleted"])
def test_damaged_page_is_restored(tmp_path: Path, damage: str) -> None:
    build(tmp_path, [make_mail_server()])
    page = tmp_path / "servers" / "paperboat-mail" / "send_mail" / "index.html"
    whole = page.read_bytes()
    if damage == "changed":
        page.write_bytes(b"x" * len(whole))
    else:
        page.unlink()
    assert build(tmp_path, [make_mail_server()]).pages_written == 1
    assert page.read_bytes() == whole


@pytest.mark.parametrize("path", ["../precious.txt", "/etc/precious.txt", "servers/../../precious.txt"])
def test_manifest_that_leads_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    out = tmp_path / "public"
    build(out, [make_mail_server()])
    precious = tmp_path / "precious.txt"
    precious.write_text("keep")
    manifest = orjson.loads((out / MANIFEST).read_bytes())
    manifest["units"]["forged"] = {"inputs": "", "files": {path: "0"}}
    (out / MANIFEST).write_bytes(orjson.dumps(manifest))
    with pytest.raises(ForeignFolderError):
        build(out, [make_mail_server()])
    assert precious.read_text() == "keep"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": 99, "units": {}}', b"\xff\xfe"])
def test_unreadable_manifest_is_refused(tmp_path: Path, content: bytes) -> None:
    build(tmp_path, [make_mail_server()])
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(ForeignFolderError):
        build(tmp_path, [make_mail_server()])


def test_slug_that_would_leave_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no path for a page"):
        build(tmp_path, [replace(make_mail_server(), slug="../../escaped")])


def test_stale_page_that_somebody_removed_is_no_trouble(tmp_path: Path) -> None:
    build(tmp_path, [make_shop(), make_mail_server()])
    (tmp_path / "servers" / "corner-shop" / "policy.json").unlink()
    before = read_all(tmp_path)
    report = build(tmp_path, [make_mail_server()])
    assert report.pages_removed == len(before.keys() - read_all(tmp_path).keys()) > 2 * len(make_shop().tools)


def test_page_that_cannot_be_written_stops_the_build_and_leaves_no_remains(tmp_path: Path) -> None:
    blocked = tmp_path / "servers" / "paperboat-mail" / "send_mail"
    build(tmp_path, [])
    (blocked / "index.html").mkdir(parents=True)
    with pytest.raises(OSError, match=r"index\.html"):
        build(tmp_path, [make_mail_server()])
    assert [path.name for path in blocked.iterdir()] == ["index.html"]
    (blocked / "index.html").rmdir()
    assert build(tmp_path, [make_mail_server()]).pages_unchanged > 0


def test_read_only_mappings_are_digested_like_dicts(tmp_path: Path) -> None:
    mail = make_mail_server()
    frozen = tuple(
        replace(tool, definition=replace(tool.definition, annotations=MappingProxyType(tool.definition.annotations)))
        for tool in mail.tools
    )
    build(tmp_path, [mail])
    assert build(tmp_path, [replace(mail, tools=frozen)]).pages_written == 0


def test_empty_catalog_makes_a_site_that_says_so(tmp_path: Path) -> None:
    build(tmp_path, [])
    page = (tmp_path / "index.html").read_text()
    assert "<dt>Servers</dt><dd>0</dd>" in page
    assert "No tool has been seen to change yet." in page
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert (tmp_path / "feed.xml").is_file()
    assert "No tool in this catalog" in (tmp_path / "category" / "read" / "index.html").read_text()


def test_long_lists_go_on_over_several_pages(tmp_path: Path) -> None:
    build(tmp_path, make_large_catalog(servers=501, tools=3))
    assert "501 of 501" in (tmp_path / "servers-2" / "index.html").read_text()
    listed = (tmp_path / "category" / "read" / "index.html").read_text()
    assert listed.count('<li class="row">') == 400
    assert (tmp_path / "category" / "read" / "2" / "index.html").is_file()
    build(tmp_path, [make_mail_server()])
    assert not (tmp_path / "servers-2").exists()
    assert not (tmp_path / "category" / "read" / "2").exists()


def test_known_address_makes_canonical_links(tmp_path: Path) -> None:
    build_site(
        lambda: (make_mail_server(),),
        tmp_path,
        incidents=INCIDENTS,
        history=make_history(),
        holdings=Holdings(STATUS),
        base_url="https://tools.example.org/catalog/",
    )
    page = (tmp_path / "servers" / "paperboat-mail" / "index.html").read_text()
    assert '<link rel="canonical" href="https://tools.example.org/catalog/servers/paperboat-mail/">' in page
    missing = (tmp_path / "404.html").read_text()
    assert 'href="https://tools.example.org/catalog/static/style.css"' in missing
