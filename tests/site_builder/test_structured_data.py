"""What pages say of themselves to programs, held to what schema.org and Google's search documentation ask of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from selectolax.lexbor import LexborHTMLParser

from site_builder.environment import make_renderer
from site_builder.judged import judge_server
from site_builder.server_page import make_server_page
from site_builder.structured import describe_software, embed_graph
from site_builder.tool_page import make_tool_page
from tests.site_builder.building import ATTACKS
from tests.site_builder.catalog_factory import make_mail_server
from tests.site_builder.conftest import build
from tests.site_builder.hostile_server import make_hostile_server
from tests.site_builder.record_factory import make_server

BASE = "https://tools.example.org/catalog"
NO_SUCH_THING = {"aggregateRating", "review", "offers", "price", "author", "interactionStatistic"}
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)

Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_url(value: Any) -> bool:
    return is_text(value) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).netloc)


def is_a(*kinds: str) -> Check:
    return lambda value: isinstance(value, dict) and value.get("@type") in kinds


def are(kind: str, least: int = 1) -> Check:
    return lambda value: isinstance(value, list) and len(value) >= least and all(map(is_a(kind), value))


@dataclass(frozen=True)
class Rule:
    """What a type must have, and what else we may say of it."""

    required: dict[str, Check]
    allowed: dict[str, Check]


# schema.org/<type> for the properties and their types; developers.google.com/search/docs/appearance/structured-data
# for what is required. An EntryPoint's template is no address before its blank is filled.
RULES = {
    "BreadcrumbList": Rule({"itemListElement": are("ListItem", 2)}, {}),
    "ListItem": Rule({"position": lambda value: type(value) is int and value > 0, "name": is_text}, {"item": is_url}),
    "FAQPage": Rule({"mainEntity": are("Question")}, {}),
    "Question": Rule({"name": is_text, "acceptedAnswer": is_a("Answer")}, {}),
    "Answer": Rule({"text": is_text}, {}),
    "SoftwareApplication": Rule(
        {"name": is_text},
        {
            "applicationCategory": lambda value: value == "DeveloperApplication",
            "description": is_text,
            "softwareVersion": is_text,
            "url": is_url,
            "sameAs": is_url,
            "mainEntityOfPage": is_url,
        },
    ),
    "WebSite": Rule({"url": is_url, "name": is_text}, {"potentialAction": is_a("SearchAction")}),
    "SearchAction": Rule(
        {"target": is_a("EntryPoint"), "query-input": lambda value: value == "required name=search_term_string"}, {}
    ),
    "EntryPoint": Rule(
        {"urlTemplate": lambda value: is_url(value) and value.count("{search_term_string}") == 1}, {}
    ),
}  # fmt: skip


def find_problems(node: Any) -> Iterator[str]:
    """Yield what is wrong with a node and with those in it."""
    if isinstance(node, list):
        for one in node:
            yield from find_problems(one)
    if not isinstance(node, dict):
        return
    rule = RULES.get(node.get("@type", ""))
    if rule is None:
        yield f"no rule for {node.get('@type')!r}"
        return
    checks = rule.required | rule.allowed
    yield from (f"{node['@type']} lacks {name}" for name in rule.required.keys() - node.keys())
    for name, value in node.items():
        if name != "@type" and not (name in checks and checks[name](value)):
            yield f"{node['@type']}.{name} is {value!r}"
        yield from find_problems(value)


def read_graph(html: str) -> list[dict[str, Any]]:
    """Read the graph of a page, empty where it has none; a page has one at most."""
    found = SCRIPT.findall(html)
    assert len(found) <= 1
    if not found:
        return []
    data = orjson.loads(found[0])
    assert data.keys() == {"@context", "@graph"}
    assert data["@context"] == "https://schema.org"
    return list(data["@graph"])


def graphs_of(site: Path) -> dict[str, list[dict[str, Any]]]:
    pages = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*.html"))}
    return {name: graph for name, path in pages.items() if (graph := read_graph(path.read_text("utf-8")))}


def types_of(graph: list[dict[str, Any]]) -> list[str]:
    return [node["@type"] for node in graph]


@pytest.fixture(scope="module")
def public_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("public_site") / "public"
    build(out, base_url=BASE)
    return out


def test_every_page_with_a_known_address_says_what_the_rules_ask(public_site: Path) -> None:
    graphs = graphs_of(public_site)
    assert len(graphs) > 20
    assert [(name, problem) for name, graph in graphs.items() for problem in find_problems(graph)] == []
    named = {key for graph in graphs.values() for node in graph for key in node}
    assert named.isdisjoint(NO_SUCH_THING)


def test_every_page_without_a_known_address_says_what_the_rules_ask_and_no_trail(site: Path) -> None:
    graphs = graphs_of(site)
    assert len(graphs) > 20
    assert [(name, problem) for name, graph in graphs.items() for problem in find_problems(graph)] == []
    assert {kind for graph in graphs.values() for kind in types_of(graph)} == {"FAQPage", "SoftwareApplication"}


def test_each_kind_of_page_has_its_nodes(public_site: Path) -> None:
    graphs = graphs_of(public_site)
    assert types_of(graphs["index.html"]) == ["WebSite"]
    assert types_of(graphs["servers/paperboat-mail/index.html"]) == ["BreadcrumbList", "SoftwareApplication"]
    assert types_of(graphs["servers/paperboat-mail/send_mail/index.html"]) == ["BreadcrumbList", "FAQPage"]
    folders = {name.split("/")[0] for name in graphs}
    assert folders == {"index.html", "servers"}


def test_trail_says_what_the_page_shows_and_leads_to_pages(public_site: Path) -> None:
    for name, graph in graphs_of(public_site).items():
        for trail in (node for node in graph if node["@type"] == "BreadcrumbList"):
            steps = trail["itemListElement"]
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            shown = LexborHTMLParser((public_site / name).read_text("utf-8")).css(".crumbs li")
            assert [step["name"] for step in steps] == [node.text() for node in shown]
            paths = [step["item"].removeprefix(f"{BASE}/") + "index.html" for step in steps]
            assert all((public_site / path).is_file() for path in paths)
            assert paths[-1] == name


def test_search_of_the_site_is_where_it_says(public_site: Path) -> None:
    (website,) = graphs_of(public_site)["index.html"]
    assert website["url"] == f"{BASE}/"
    template = website["potentialAction"]["target"]["urlTemplate"]
    assert template == f"{BASE}/search/?q={{search_term_string}}"
    field = LexborHTMLParser((public_site / "search" / "index.html").read_text()).css_first('input[name="q"]')
    assert field is not None


def test_software_says_only_what_is_known() -> None:
    bare = replace(make_server("bare", []), version=None, description=None, repository=None, homepage=None)
    assert describe_software(bare, "bare", "").keys() == {"@type", "applicationCategory", "name"}
    told = replace(
        make_mail_server(), repository="git+https://code.example/paperboat", homepage="https://paperboat.example/"
    )
    node = describe_software(told, "Paperboat Mail", BASE)
    assert (node["url"], node["sameAs"]) == ("https://paperboat.example/", "https://code.example/paperboat")
    assert node["softwareVersion"] == "1.4.2"
    unsafe = replace(told, repository="javascript:alert(1)", homepage="https://user@paperboat.example/")
    assert {"url", "sameAs"}.isdisjoint(describe_software(unsafe, "Paperboat Mail", BASE))


def test_no_text_of_a_stranger_ends_the_script_element_or_the_data() -> None:
    nasty = "</script><script>alert(1)</script><!-- ]]> \u2028 \" ' & {{ 7 * 7 }} \u202e"
    server = make_hostile_server()
    server = replace(server, title=nasty, description=nasty, version=nasty[:50])
    of = judge_server(server)
    render = make_renderer()
    pages = [render("pages/server.html", make_server_page(of, BASE))]
    pages += [render("pages/tool.html", make_tool_page(of, judged, ATTACKS, BASE)) for judged in of.tools]
    for html in pages:
        assert "<script>alert" not in html
        (data,) = SCRIPT.findall(html)
        assert re.search("[<>&\u2028\u2029]", data) is None
        assert list(find_problems(read_graph(html))) == []
    assert "alert(1)" in read_graph(pages[0])[0]["itemListElement"][1]["name"]
    assert orjson.loads(str(embed_graph({"name": nasty})))["@graph"] == [{"name": nasty}]


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        ({"@type": "Product"}, "no rule for 'Product'"),
        ({"@type": "WebSite", "url": "/", "name": "a"}, "WebSite.url is '/'"),
        ({"@type": "FAQPage", "mainEntity": []}, "FAQPage.mainEntity is []"),
        ({"@type": "Answer"}, "Answer lacks text"),
        ({"@type": "SoftwareApplication", "name": "a", "aggregateRating": 5}, "SoftwareApplication.aggregateRating"),
        ({"@type": "ListItem", "position": "1", "name": "a"}, "ListItem.position is '1'"),
    ],
)
def test_the_rules_see_what_is_wrong(node: dict[str, Any], problem: str) -> None:
    assert any(found.startswith(problem) for found in find_problems(node))
