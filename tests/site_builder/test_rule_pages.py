"""Rules: a page of each, grouped by what it speaks for, with the tools it was quoted for."""

from dataclasses import replace

from catalog.records import CatalogServer, FacetValue
from catalog.vocabulary import Category, Facet
from classifier.rules import RULES
from site_builder.environment import make_renderer
from site_builder.rule_pages import RuleTally, make_rule_pages, make_rules_page
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_shop
from tests.site_builder.record_factory import make_server, make_tool


def quoted(slug: str, rule: str, tools: int) -> CatalogServer:
    """Make a server whose tools' verdicts all rest on one rule."""
    made = [make_tool(f"{slug}_{at:02d}", "Delete a mail.", Category.DESTRUCTIVE, "Delete") for at in range(tools)]
    return make_server(
        slug,
        [
            replace(
                tool,
                assessment=replace(
                    tool.assessment, evidence=tuple(replace(one, rule=rule) for one in tool.assessment.evidence)
                ),
            )
            for tool in made
            if tool.assessment
        ],
    )


def tally_of(*servers: CatalogServer) -> RuleTally:
    tally = RuleTally()
    for brief in make_briefs(servers):
        tally.add(brief)
    return tally


def test_every_rule_has_a_page_and_is_in_the_index_once() -> None:
    pages = dict(make_rule_pages(tally_of(), ""))
    _, index = make_rules_page(tally_of(), "")
    listed = [row.href for group in index.groups for row in group.rules]
    assert sorted(listed) == sorted(pages) == sorted(f"rules/{rule.id}/index.html" for rule in RULES)


def test_page_says_what_the_rule_says_of_itself() -> None:
    render = make_renderer()
    pages = dict(make_rule_pages(tally_of(), ""))
    rule = next(rule for rule in RULES if rule.id == "asks-for-secrets")
    page = pages["rules/asks-for-secrets/index.html"]
    text = render("pages/rule.html", page)
    for words in (rule.title, rule.question, rule.rationale, rule.remediation, rule.references[0]):
        assert words in text
    assert [fact.value for fact in page.facts] == [
        rule.id,
        "a threat: asks for secrets",
        "high: it matters if it is true",
    ]


def test_page_leads_to_what_the_rule_speaks_for() -> None:
    pages = dict(make_rule_pages(tally_of(), ""))
    leads = {path: page.facts[1].href for path, page in pages.items()}
    assert leads["rules/deletes-data/index.html"] == "../../category/destructive/index.html"
    assert leads["rules/reads-credentials/index.html"] == "../../facets/sensitive_data/credentials/index.html"
    assert leads["rules/asks-for-secrets/index.html"] == "../../findings/index.html"


def test_tools_are_counted_once_and_shown_two_a_server() -> None:
    tally = tally_of(*(quoted(f"server-{at}", "deletes-data", 4) for at in range(10)), make_shop())
    assert tally.tools["deletes-data"] == 40
    page = dict(make_rule_pages(tally, ""))["rules/deletes-data/index.html"]
    assert (page.count, page.looked_at) == ("40", "44 tools")
    assert len(page.tools) == 12
    assert [row.name for row in page.tools][:3] == ["server-0_00", "server-0_01", "server-1_00"]


def test_quote_of_a_facet_counts_for_its_rule() -> None:
    server = quoted("one", "says-irreversible", 1)
    tool = server.tools[0]
    assert tool.assessment
    evidence = tool.assessment.evidence[0]
    facets = {**tool.assessment.facets, Facet.REVERSIBILITY: FacetValue("irreversible", evidence)}
    bare = replace(tool, assessment=replace(tool.assessment, evidence=(), facets=facets))
    assert tally_of(replace(server, tools=(bare,))).tools["says-irreversible"] == 1


def test_quote_of_the_model_or_of_an_unknown_rule_counts_for_none() -> None:
    assert tally_of(quoted("one", "model", 1), quoted("two", "a-rule-of-tomorrow", 1)).tools.total() == 0
