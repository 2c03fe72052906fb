"""The tool page, the server page, the answers and the files show one and the same recommendation."""

from html import unescape
from pathlib import Path

import orjson
import pytest
from selectolax.lexbor import LexborHTMLParser

from catalog.records import CatalogServer, CatalogTool
from policy.document import build_document, render_document
from policy.reading import parse_document
from policy.recommend import recommend
from site_builder.wording import decision_words
from tests.site_builder.catalog_factory import make_catalog

TOOLS = [(server, tool) for server in make_catalog() for tool in server.tools]
SERVERS = [server for server in make_catalog() if server.tools]


def shown_policy(page: Path) -> str:
    node = LexborHTMLParser(page.read_text()).css_first("pre#policy code")
    assert node is not None
    return node.text()


@pytest.mark.parametrize(("server", "tool"), TOOLS, ids=lambda one: one.slug)
def test_tool_page_and_file_hold_the_recommended_policy(site: Path, server: CatalogServer, tool: CatalogTool) -> None:
    folder = site / "servers" / server.slug / tool.slug
    recommendation = recommend(tool.definition, tool.assessment)
    expected = render_document(build_document([recommendation]))
    assert (folder / "policy.json").read_text() == expected
    assert shown_policy(folder / "index.html") == expected
    page = LexborHTMLParser((folder / "index.html").read_text())
    words = decision_words(recommendation)
    line = page.css_first(".decision-line strong")
    assert line is not None
    assert line.text() == words
    data = orjson.loads(unescape(page.css('script[type="application/ld+json"]')[0].text()))
    (asked,) = (node["mainEntity"] for node in data["@graph"] if node["@type"] == "FAQPage")
    answers = [one["acceptedAnswer"]["text"] for one in asked]
    assert sum(answer.startswith(f"Recommended: {words}.") for answer in answers) == 1
    assert [node.text() for node in page.css(".question p")] == [answer.replace("\r", "") for answer in answers]


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.slug)
def test_server_page_and_file_hold_the_policy_for_all_tools(site: Path, server: CatalogServer) -> None:
    folder = site / "servers" / server.slug
    recommendations = [recommend(tool.definition, tool.assessment) for tool in server.tools]
    expected = render_document(build_document(recommendations))
    assert (folder / "policy.json").read_text() == expected
    assert shown_policy(folder / "index.html") == expected
    rows = LexborHTMLParser((folder / "index.html").read_text()).css("#tools .row")
    links = [link.attributes["href"] for row in rows for link in row.css("a.code")]
    shown = dict(zip(links, [words.text() for row in rows for words in row.css(".decision")], strict=True))
    for tool, recommendation in zip(server.tools, recommendations, strict=True):
        assert shown[f"../../servers/{server.slug}/{tool.slug}/index.html"] == decision_words(recommendation)


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.slug)
def test_policy_file_is_a_policy_document(site: Path, server: CatalogServer) -> None:
    assert parse_document((site / "servers" / server.slug / "policy.json").read_bytes()).default == "deny"
