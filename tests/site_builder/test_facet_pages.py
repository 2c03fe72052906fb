"""Facets: counted once, listed where they matter, and silent about what is not known."""

from catalog.records import CatalogServer
from catalog.vocabulary import Category, Facet, Risk
from site_builder.environment import make_renderer
from site_builder.facet_pages import LISTED, FacetPage, FacetTally, link_value, make_facet_pages, make_facets_page
from site_builder.paging import ROWS_A_PAGE
from site_builder.wording import QUIET_VALUES
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_mail_server, make_shop
from tests.site_builder.record_factory import make_server, make_tool

EGRESS = {Facet.EGRESS: "arbitrary"}


def tally_of(*servers: CatalogServer) -> FacetTally:
    tally = FacetTally()
    for brief in make_briefs(servers):
        tally.add(brief)
    return tally


def lists_of(*servers: CatalogServer) -> dict[str, FacetPage]:
    return dict(make_facet_pages(tally_of(*servers), ""))


def test_tools_are_counted_by_value_and_risk() -> None:
    tally = tally_of(make_mail_server())
    assert tally.count(Facet.EGRESS, "arbitrary") == 1
    assert tally.count(Facet.EGRESS, "none") == 5
    assert tally.cells[Facet.SENSITIVE_DATA, "private", Risk.MEDIUM] == 1


def test_tool_without_verdict_is_counted_as_unknown_and_listed_nowhere() -> None:
    shop = make_shop()
    tally = tally_of(shop)
    assert (tally.assessed, tally.unassessed) == (4, 1)
    _, page = make_facets_page(tally, "")
    assert (page.count, page.unassessed) == ("4 tools", "1 tool")
    assert "Of 1 tool more, nothing is known yet" in make_renderer()("pages/facets.html", page)
    assert not any(row.name == "restock" for made in lists_of(shop).values() for row in made.tools)


def test_quiet_values_are_counted_and_lead_nowhere() -> None:
    _, page = make_facets_page(tally_of(*make_catalog()), "")
    values = {(card.id, value.label): value for card in page.facets for value in card.values}
    assert len(page.facets) == 8
    assert values["egress", "No"].href is None
    assert values["egress", "Yes, to any recipient or address"].href == "facets/egress/arbitrary/index.html"
    assert not {value for _, value in LISTED} & QUIET_VALUES
    assert link_value(Facet.MONEY, "none").href is None


def test_every_value_that_matters_has_a_list_even_when_it_is_empty() -> None:
    pages = lists_of()
    assert len(pages) == len(LISTED)
    assert all(page.tools == () and page.count == "0 tools" for page in pages.values())


def test_list_holds_each_tool_with_the_value_and_no_other() -> None:
    pages = lists_of(*make_catalog())
    for facet, value in LISTED:
        expected = {
            tool.definition.name[:40]
            for server in make_catalog()
            for tool in server.tools
            if tool.assessment and tool.assessment.facets[facet].value == value
        }
        assert {row.name[:40] for row in pages[f"facets/{facet}/{value}/index.html"].tools} == expected


def test_long_list_goes_on_over_pages_and_says_its_length() -> None:
    tools = [make_tool(f"send_{at:04d}", "Send it.", Category.WRITE, "Send", facets=EGRESS) for at in range(401)]
    pages = lists_of(make_server("many", tools))
    first, second = (pages[f"facets/egress/arbitrary/{number}index.html"] for number in ("", "2/"))
    assert (len(first.tools), len(second.tools)) == (ROWS_A_PAGE, 1)
    assert first.count == second.count == "401 tools"
    assert second.pager
    assert second.pager.says == "401 to 401 of 401"
    assert [row.count for row in first.breakdown] == ["0", "0", "401", "0"]
