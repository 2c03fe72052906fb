"""What a server's page adds to its tools: hints to declare, what a context takes, the badge, reports."""

import importlib.metadata
import importlib.util
import json
import shlex
from collections.abc import Sequence
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from catalog.records import CatalogServer
from catalog.vocabulary import HINTS, Category, Facet
from site_builder.annotations import suggest_for_server
from site_builder.environment import make_renderer
from site_builder.judged import judge_server
from site_builder.reporting import guide_report
from site_builder.server_page import make_server_page
from site_builder.token_cost import ENCODING, find_counter, make_token_cost, name_counter
from tests.site_builder.catalog_factory import make_file_server, make_mail_server, make_shop, make_silent_servers
from tests.site_builder.hostile_server import make_hostile_server
from tests.site_builder.record_factory import make_server, make_tool


def render(server: CatalogServer, base_url: str = "", report_url: str = "") -> LexborHTMLParser:
    page = make_server_page(judge_server(server), base_url, (), report_url)
    return LexborHTMLParser(make_renderer()("pages/server.html", page))


def text_of(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node is not None, selector
    return node.text()


def test_contradicted_and_missing_hints_are_counted() -> None:
    found = suggest_for_server(make_mail_server())
    assert found is not None
    assert found.says[0] == "1 of 6 assessed tools declares a hint that the definition contradicts."
    assert found.says[1].startswith("6 of 6 assessed tools leave a hint undeclared")
    assert [tool.label for tool in found.contradicted] == ["send_mail"]


def test_suggestion_corrects_what_is_contradicted_and_keeps_what_is_not() -> None:
    found = suggest_for_server(make_mail_server())
    assert found is not None
    block = json.loads(found.text)
    assert block["send_mail"]["readOnlyHint"] is False
    assert block["send_mail"]["openWorldHint"] is True
    assert block["delete_mail"]["destructiveHint"] is True
    assert all(list(hints) == list(HINTS) for hints in block.values())


def test_declared_hint_that_nothing_contradicts_is_kept() -> None:
    tool = make_tool("write_note", "Write a note.", Category.WRITE, "Write", annotations={"idempotentHint": True})
    found = suggest_for_server(make_server("notes", [tool]))
    assert found is not None
    assert json.loads(found.text)["write_note"]["idempotentHint"] is True


def test_server_that_declares_all_hints_has_nothing_to_copy() -> None:
    hints = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
    tool = make_tool("list_notes", "List the notes.", Category.READ, "List", annotations=hints)
    found = suggest_for_server(make_server("notes", [tool]))
    assert found is not None
    assert found.text == ""
    assert "none contradicts the definition" in found.says[0]
    assert render(make_server("notes", [tool])).css("#annotations") == []


def test_unassessed_tools_are_suggested_nothing() -> None:
    assert suggest_for_server(make_server("unread", [make_tool("restock", None, None)])) is None
    found = suggest_for_server(make_shop())
    assert found is not None
    assert "restock" not in json.loads(found.text)


def test_suggestions_for_many_tools_are_cut_and_the_cut_is_said() -> None:
    tools = [make_tool(f"read_{at:03}", "Read a file.", Category.READ, "Read") for at in range(230)]
    found = suggest_for_server(make_server("many", tools))
    assert found is not None
    assert (len(json.loads(found.text)), found.text_more) == (200, 30)


def test_cost_adds_up_all_definitions_and_ranks_the_largest() -> None:
    def count(texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    server = make_file_server()
    cost = make_token_cost(server, count)
    total = sum(count([f'"{tool.definition.description}"' for tool in server.tools]))
    assert int(cost.takes.removesuffix(" tokens")) >= total
    assert ENCODING in cost.method
    sizes = [int(row.count) for row in cost.largest]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 5


def test_cost_without_a_tokenizer_says_that_characters_were_counted() -> None:
    cost = make_token_cost(make_file_server(), None)
    assert cost.takes.startswith("About ")
    assert cost.takes.endswith(" characters")
    assert "token" not in cost.method


@pytest.mark.skipif(importlib.util.find_spec("toktok") is None, reason="no tokenizer for this system")
def test_tokenizer_counts_known_texts_and_any_length_at_once() -> None:
    count = find_counter()
    assert count is not None
    assert list(count(["hello world", "", "<|endoftext|>"])) == [2, 0, 7]
    (many,) = count(["a" * 1_000_000])
    assert many == 125_000


def test_what_counts_is_named_with_its_release() -> None:
    if find_counter() is None:
        assert name_counter() == "characters"
    else:
        assert name_counter() == f"{ENCODING} by toktok-rs {importlib.metadata.version('toktok-rs')}"


def test_badge_is_shown_with_markdown_for_a_readme() -> None:
    tree = render(make_mail_server(), "https://tools.example.org/catalog")
    image = tree.css_first("img")
    assert image is not None
    assert image.attributes["src"] == "badge.svg"
    assert image.attributes["alt"] == "Badge: highest risk Critical"
    address = "https://tools.example.org/catalog/servers/paperboat-mail/"
    assert text_of(tree, "#badge") == f"[![MCP tool risk]({address}badge.svg)]({address})\n"


def test_badge_without_a_known_address_shows_the_paths_and_says_so() -> None:
    tree = render(make_mail_server())
    assert "(servers/paperboat-mail/badge.svg)" in text_of(tree, "#badge")
    assert "address before both paths" in text_of(tree, "main")


def test_server_that_was_not_read_promises_nothing_it_does_not_have() -> None:
    for server in make_silent_servers():
        tree = render(server)
        assert tree.css("#cost-heading, #hints-heading, #policy-heading, #gaps-heading, .beside") == []
        assert "Badge: not analysed" in (tree.html or "")


def test_report_names_what_was_looked_at() -> None:
    mail = make_mail_server()
    tool = next(tool for tool in mail.tools if tool.slug == "send_mail")
    guide = guide_report(mail, tool, "")
    for line in ("server: paperboat-mail", "tool: send_mail", "version: 1.4.2", f"digest: {mail.digest}"):
        assert f"{line}\n" in guide.text
    assert "verdict: Write, Medium risk\n" in guide.text
    assert guide.href is None
    assert shlex.split(guide.command)[-3:] == ["--", "paperboat-mail", "send_mail"]


def test_report_leads_to_the_sites_place_for_reports_if_it_has_one() -> None:
    links = [node.attributes["href"] for node in render(make_shop(), "", "https://example.org/wrong").css("main a")]
    assert "https://example.org/wrong" in links
    assert guide_report(make_shop(), None, "javascript:alert(1)").href is None


def test_report_of_a_hostile_tool_is_one_line_a_fact_and_one_argument() -> None:
    server = make_hostile_server()
    named = replace(
        server.tools[0], definition=replace(server.tools[0].definition, name="a\ndigest: x'; rm -rf \u202e")
    )
    guide = guide_report(server, named, "")
    assert len(guide.text.splitlines()) == 6
    assert "\u202e" not in guide.text
    assert shlex.split(guide.command)[-1].startswith("a digest: x'; rm -rf")


def test_gaps_and_combinations_are_shown_as_warnings() -> None:
    run = {Facet.CODE_EXECUTION: "arbitrary"}
    tools = [
        make_tool("evaluate", "Show a result.", Category.READ, "Show", facets=run),
        make_tool("delete_all", "Delete all of it.", Category.DESTRUCTIVE, "Delete"),
        make_tool("read_inbox", "Read mails.", Category.READ, "Read", facets={Facet.SENSITIVE_DATA: "private"}),
        make_tool("read_page", "Read a page.", Category.READ, "Read", facets={Facet.UNTRUSTED_INPUT: "typical"}),
        make_tool("post", "Post a text.", Category.WRITE, "Post", facets={Facet.EGRESS: "arbitrary"}),
    ]
    tree = render(make_server("leaky", tools))
    assert "evaluate also runs any code" in text_of(tree, ".notice[aria-labelledby='gaps-heading']")
    combined = text_of(tree, ".notice[aria-labelledby='combinations-heading']")
    assert {"read_inbox", "read_page", "post"} <= set(combined.replace(",", " ").split())


def test_hostile_server_makes_no_elements_of_its_own() -> None:
    tree = render(make_hostile_server())
    assert [node.attributes["src"] for node in tree.css("img")] == ["badge.svg"]
    assert tree.css("[onerror], iframe") == []
    assert len(tree.css("h1")) == 1
