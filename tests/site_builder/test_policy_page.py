"""A server's policies in every format: honest about losses, complete as files, bounded in size."""

import json
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from catalog.records import CatalogServer
from catalog.vocabulary import Category, Facet
from policy.format import Loss, write_policy
from policy.formats import FORMATS
from policy.recommend import recommend
from policy.recommendation import ServerPolicy, strictest
from site_builder.environment import make_reference, make_renderer
from site_builder.judged import judge_server
from site_builder.policies import find_gaps
from site_builder.policy_page import PolicyPage, make_policies
from site_builder.policy_wording import describe_standing
from site_builder.written_policy import write_named
from tests.site_builder.catalog_factory import make_file_server, make_large_catalog, make_mail_server, make_shop
from tests.site_builder.hostile_server import make_hostile_server
from tests.site_builder.record_factory import make_server, make_tool

SERVERS = [make_mail_server(), make_shop(), make_file_server(), make_hostile_server()]


def make_page(server: CatalogServer) -> tuple[PolicyPage, dict[str, bytes], str]:
    page, files = make_policies(judge_server(server), "")
    return page, dict(files), make_renderer()("pages/policy.html", page)


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.slug)
def test_every_format_is_shown_as_it_is_written(server: CatalogServer) -> None:
    page, _, html = make_page(server)
    made = strictest(one.recommendation for one in judge_server(server).tools)
    tree = LexborHTMLParser(html)
    assert [box.box.id for box in page.formats] == [one.id for one in FORMATS]
    for chosen, box in zip(FORMATS, page.formats, strict=True):
        written = write_policy(chosen, ServerPolicy(box.called, made))
        assert box.box.text == written.text
        assert tree.css_first(f"#{box.box.id}") is not None
        assert tree.css_first(f"button[data-copy='{box.box.id}']") is not None
        save = tree.css_first(f"button[data-save='{box.box.id}']")
        assert save is not None
        assert save.attributes["data-name"] == box.box.name


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.slug)
def test_what_the_page_shows_needs_no_file(server: CatalogServer) -> None:
    _, files, html = make_page(server)
    links = [node.attributes["href"] for node in LexborHTMLParser(html).css("a[download]")]
    assert links == ["../policy.json"]
    assert files == {}


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.slug)
def test_page_is_the_same_by_both_engines(server: CatalogServer) -> None:
    page, _, html = make_page(server)
    assert html == make_reference()("pages/policy.html", page)


def test_profiles_go_from_strict_to_permissive() -> None:
    page, _, _ = make_page(make_file_server())
    strict, recommended, permissive = page.profiles
    assert [box.label for box in page.profiles] == ["Strict", "Recommended", "Permissive"]
    assert "run_command" in json.loads(strict.box.text)["hide"]
    assert "run_command" not in json.loads(permissive.box.text).get("hide", [])
    assert recommended.box.href == "../policy.json"


def test_losses_are_named_with_their_tools_and_what_stops_less_is_flagged() -> None:
    page, _, html = make_page(make_mail_server())
    claude = next(box for box in page.formats if box.box.id == "claude-code")
    limits = next(row for row in claude.losses if "limit" in row.says)
    assert limits.looser
    assert "save_draft" in limits.tools
    assert "Stops less" in html
    rego = next(box for box in page.formats if box.box.id == "rego")
    assert (rego.losses, rego.standing.says) == ((), "says everything")


def test_unverified_form_says_so_and_verified_one_says_by_what() -> None:
    page, _, html = make_page(make_mail_server())
    assert {box.box.id for box in page.formats if not box.checked} == {one.id for one in FORMATS if not one.checked}
    assert html.count('<span class="unverified">unverified</span>') == sum(not one.checked for one in FORMATS)
    assert "Verified against: code.claude.com, permissions" in html


def test_standing_tells_lost_decisions_from_lost_limits() -> None:
    limits, default = Loss("a", "limits", "dropped"), Loss("", "default", "ask")
    assert describe_standing([limits], "").says == "leaves out limits"
    assert not describe_standing([limits], "").warns
    assert describe_standing([limits, default], "").warns
    assert describe_standing([Loss("a", "ask", "deny")], "").says == "stricter in places"
    assert describe_standing([], "no such name").says == "cannot be written"


@pytest.mark.parametrize("name", ["two-words", "two_words", "Big.Name", "a__b--c", "-", "mcp", "x" * 300, "ü"])
def test_every_format_finds_a_name_for_the_server(name: str) -> None:
    made = strictest(recommend(tool.definition, tool.assessment) for tool in make_mail_server().tools)
    for chosen in FORMATS:
        written = write_named(chosen, name, made)
        assert (chosen.id, written.refused) == (chosen.id, "")
        assert written.rendered.text


def test_page_of_many_tools_stays_small_and_leads_to_the_files_it_leaves_out() -> None:
    (server,) = make_large_catalog(servers=1, tools=300)
    page, files, html = make_page(server)
    assert len(html.encode()) < 300_000
    left_out = [box for box in page.formats if not box.box.text]
    assert left_out
    assert "Too long to show here" in html
    links = {node.attributes["href"] for node in LexborHTMLParser(html).css("a[download]")} - {"../policy.json"}
    assert {f"servers/{server.slug}/policy/{link}" for link in links} == set(files)
    assert {box.box.name for box in left_out} <= links
    assert all(files.values())


def test_page_of_many_hostile_names_stays_small() -> None:
    tools = [
        make_tool(f"{at}" + "<&\"'>" * 60, "Send a mail.", Category.WRITE, "Send", slug=f"t{at}") for at in range(300)
    ]
    _, _, html = make_page(make_server("crowded", tools))
    assert len(html.encode()) < 300_000


def test_hostile_names_make_no_elements() -> None:
    _, _, html = make_page(make_hostile_server())
    tree = LexborHTMLParser(html)
    assert tree.css("img, iframe, [onerror]") == []
    assert len(tree.css("script")) == 1
    assert len(tree.css("h1")) == 1


def test_same_policies_twice_are_the_same_bytes() -> None:
    one, two = make_page(make_shop()), make_page(make_shop())
    assert one == two


def test_server_without_verdicts_is_denied_in_every_profile() -> None:
    server = make_server("unread", [make_tool("restock", None, None)])
    page, _, _ = make_page(server)
    assert {box.counts for box in page.profiles} == {("1 tool denied",)}


def test_effect_that_is_free_at_another_tool_is_a_gap() -> None:
    run = {Facet.CODE_EXECUTION: "arbitrary"}
    free = make_tool("evaluate", "Show a result.", Category.READ, "Show", facets=run)
    stopped = make_tool("delete_all", "Delete all of it.", Category.DESTRUCTIVE, "Delete")
    gaps = find_gaps(judge_server(make_server("leaky", [free, stopped])))
    assert any("delete_all is stopped, but evaluate also runs any code" in gap for gap in gaps)
    assert find_gaps(judge_server(make_server("tight", [stopped]))) == ()


def test_title_of_a_server_does_not_change_what_it_is_called() -> None:
    server = replace(make_mail_server(), name="@paper/boat", title="Paperboat")
    page, _, _ = make_page(server)
    assert next(box for box in page.formats if box.box.id == "claude-code").called == "boat"
