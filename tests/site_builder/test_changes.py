"""What changed, on the pages: lists, links, marks; and which servers the catalog says have changes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy import Connection, insert

from catalog import models
from catalog.history import iter_changes, servers_with_changes
from catalog.session import open_catalog
from catalog.vocabulary import ChangeKind, Claim, Risk
from site_builder.changes import find_pages, make_change_rows, tell_once, version_words
from site_builder.judged import judge_server
from site_builder.server_page import make_server_page
from tests.site_builder.catalog_factory import make_mail_server
from tests.site_builder.change_factory import AT, make_addition, make_change, make_changes, make_removal
from tests.site_builder.record_factory import make_server

MAIL = "servers/paperboat-mail"


def changes_on(page: Path) -> list[LexborNode]:
    return LexborHTMLParser(page.read_text()).css(".changes > li")


def facts_of(**known: Any) -> dict[str, str]:
    page = make_server_page(judge_server(make_server("any", **known)), "")
    return {fact.label: fact.value for fact in page.facts}


def test_server_page_lists_its_changes_newest_first(site: Path) -> None:
    rose, removed = changes_on(site / MAIL / "index.html")
    assert "send_mail" in rose.text()
    assert "Risk rose from Medium to Critical; schema and description changed." in rose.text()
    assert "1.4.1 → 1.4.2" in rose.text()
    assert "forward_mail" in removed.text()
    assert "The tool was removed." in removed.text()


def test_notable_change_is_marked_by_a_word(site: Path) -> None:
    rose, removed = changes_on(site / MAIL / "index.html")
    assert [node.text() for node in rose.css(".flag")] == ["Notable"]
    assert removed.css(".flag") == []


def test_changed_tool_is_linked_while_it_has_a_page(site: Path) -> None:
    rose, removed = changes_on(site / MAIL / "index.html")
    assert [link.attributes["href"] for link in rose.css("a")] == [f"../../{MAIL}/send_mail/index.html"]
    assert removed.css("a") == []


def test_server_without_changes_has_no_list_of_them(site: Path) -> None:
    page = (site / "servers" / "shelf-files" / "index.html").read_text()
    assert "What changed" not in page
    assert "atom+xml" not in page


def test_home_lists_the_latest_changes_of_all_servers(site: Path) -> None:
    listed = changes_on(site / "index.html")
    assert len(listed) == len(make_changes())
    assert "on paperboat-mail" in listed[0].text()
    gone = next(node for node in listed if "sing" in node.text())
    assert gone.css("a") == []


def test_a_page_shows_ten_changes_and_leaves_the_rest_to_the_feed() -> None:
    changes = [make_change(at=f"2026-11-17T08:00:{second:02}+00:00") for second in range(30)]
    page = make_server_page(judge_server(make_mail_server()), "", changes)
    assert len(page.changes) == 10
    assert page.frame.feed is not None


def test_what_two_places_of_a_server_did_alike_is_told_once() -> None:
    quiet, notable = make_change(), make_change(risk=Risk.CRITICAL)
    assert tell_once([quiet, quiet]) == (quiet,)
    assert tell_once([quiet, notable]) == tell_once([notable, quiet]) == (notable,)
    later, removed = replace(quiet, at="2026-11-17T08:00:01+00:00"), make_removal("paperboat-mail", "send_mail")
    assert tell_once([later, quiet, removed]) == (later, quiet, removed)


def test_tool_that_only_shares_its_slug_is_not_linked() -> None:
    change = make_change(tool="send mail")
    (row,) = make_change_rows([change], find_pages(make_mail_server(), [change]))
    assert row.tool.href is None
    assert row.server.href == f"{MAIL}/index.html"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("1", "2", "1 -> 2"),
        ("1", "1", "1"),
        (None, "2", "? -> 2"),
        ("1", None, "1 -> ?"),
        (None, None, ""),
        ("\u202e1", "2\n3", "⟨U+202E⟩1 -> 2 3"),
    ],
)
def test_versions_are_said_in_a_few_words(before: str | None, after: str | None, words: str) -> None:
    assert version_words(make_change(version_before=before, version=after), "->") == words


def test_changed_tool_without_any_name_is_called_by_its_slug() -> None:
    (row,) = make_change_rows([make_addition("paperboat-mail", "", tool_slug="unnamed")], {("paperboat-mail", ""): "x"})
    assert (row.tool.label, row.tool.href) == ("unnamed", None)


def test_facts_name_the_sources_and_the_last_check() -> None:
    facts = facts_of(listed_by=("one-list", "other-list"), checked_at="2026-11-20T01:00:00+00:00")
    assert facts["Listed by"] == "one-list, other-list"
    assert facts["Last checked"] == "2026-11-20"
    assert {"Listed by", "Last checked", "Claim on the repository"}.isdisjoint(facts_of())


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Claim.VERIFIED, "belong together"),
        (Claim.UNVERIFIED, "does not name the package"),
        (Claim.UNKNOWN, "was not looked at"),
    ],
)
def test_facts_say_whether_the_repository_knows_the_package(claim: Claim, words: str) -> None:
    assert words in facts_of(claim=claim)["Claim on the repository"]


def fill(connection: Connection, server: int, *, changed: bool) -> None:
    place = {"server_id": server, "registry": "npm", "name": f"s{server}", "target": f"npm:s{server}", "rank": 0}
    clock = {"usable": True, "hours": 24.0, "failures": 0, "declares": []}
    tool = {"name": "sing", "slug": "sing", "definition_digest": "d", "unresolved": [], "first_seen": AT}
    connection.execute(insert(models.servers).values(id=server, slug=f"s{server}", name=f"S{server}"))
    connection.execute(insert(models.packages).values(id=server, **place, **clock))
    connection.execute(insert(models.tools).values(id=server, package_id=server, **tool))
    if changed:
        change = {"at": AT, "kind": ChangeKind.ADDED, "after": "d", "reread": False}
        for version in ("1", "2"):
            connection.execute(insert(models.changes).values(tool_id=server, version=version, **change))


def test_catalog_names_the_servers_with_changes_and_no_others(tmp_path: Path) -> None:
    engine = open_catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    assert servers_with_changes(engine) == frozenset()
    with engine.begin() as connection:
        connection.execute(insert(models.definitions).values(digest="d", name="sing", annotations={}))
        for server in range(1, 5):
            fill(connection, server, changed=server % 2 == 0)
    assert servers_with_changes(engine) == {"s2", "s4"}
    assert all(list(iter_changes(engine, server=slug)) for slug in servers_with_changes(engine))
    engine.dispose()
