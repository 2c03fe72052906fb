"""What a tool's page always says: where it is from, when it was looked at, how sure the verdict is, where to report."""

from dataclasses import replace
from pathlib import Path

import orjson
from selectolax.lexbor import LexborHTMLParser

from catalog.records import CatalogServer
from site_builder.environment import make_renderer
from site_builder.judged import judge_server
from site_builder.tool_page import make_tool_page
from tests.site_builder.building import ATTACKS
from tests.site_builder.catalog_factory import make_mail_server, make_shop


def render(server: CatalogServer, slug: str, report_url: str = "") -> LexborHTMLParser:
    of = judge_server(server)
    judged = next(one for one in of.tools if one.tool.slug == slug)
    page = make_tool_page(of, judged, ATTACKS, "", report_url)
    return LexborHTMLParser(make_renderer()("pages/tool.html", page))


def facts_of(tree: LexborHTMLParser) -> dict[str, str]:
    labels, values = tree.css(".facts dt"), tree.css(".facts dd")
    return {label.text(): value.text() for label, value in zip(labels, values, strict=True)}


def headings_of(tree: LexborHTMLParser) -> set[str]:
    return {heading.text() for heading in tree.css("h2")}


def test_assessed_tool_says_where_when_how_sure_and_why() -> None:
    tree = render(make_mail_server(), "search_mail")
    facts = facts_of(tree)
    assert facts["Version"] == "1.4.2"
    assert facts["Commit"] == "4f1c2ab9d03e"
    assert facts["Defined at"] == "src/tools.py:12"
    assert facts["Looked at"] == "2026-11-18"
    text = tree.text()
    assert "Confidence 93\N{NO-BREAK SPACE}%. Second choice: Write" in text
    assert "private data and words written by strangers in one tool (+1)" in text
    assert {"How the risk was set", "Declared and inferred hints", "Parameters"} <= headings_of(tree)
    assert "words" in {row.text().split()[0] for row in tree.css(".parameters tbody th")}


def test_unassessed_tool_says_the_same_but_claims_no_verdict() -> None:
    tree = render(replace(make_shop(), commit="0123456789abcdef"), "restock")
    facts = facts_of(tree)
    assert (facts["Version"], facts["Commit"]) == ("0.9.0", "0123456789ab")
    assert (facts["Defined at"], facts["Looked at"]) == ("src/tools.py:12", "2026-11-18")
    assert {"Declared and inferred hints", "Parameters", "How to control it"} <= headings_of(tree)
    assert {"How the risk was set", "Confidence and second choice"}.isdisjoint(headings_of(tree))
    assert "verdict: not analysed" in tree.text()


def test_wrong_verdict_can_be_reported_from_the_tools_page() -> None:
    tree = render(make_mail_server(), "send_mail", "https://example.org/wrong")
    assert "https://example.org/wrong" in [link.attributes["href"] for link in tree.css("main a")]
    assert "toolrisk override" in tree.text()
    assert "#report-heading" in [link.attributes["href"] for link in tree.css(".contents a")]


def test_document_for_programs_is_where_the_page_says(site: Path) -> None:
    page = site / "servers" / "paperboat-mail" / "send_mail" / "index.html"
    link = find_programs(LexborHTMLParser(page.read_text()))
    document = orjson.loads((page.parent / link).read_bytes())
    assert "send_mail" in {tool["slug"] for tool in document["tools"]}
    server = page.parents[1] / "index.html"
    link = find_programs(LexborHTMLParser(server.read_text()))
    assert orjson.loads((server.parent / link).read_bytes()) == document


def find_programs(tree: LexborHTMLParser) -> str:
    row = next(row for row in tree.css(".facts dl > div") if row.text().startswith("For programs"))
    link = row.css_first("a")
    assert link is not None
    return link.attributes["href"] or ""
