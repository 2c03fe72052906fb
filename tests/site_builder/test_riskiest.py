"""Lists of many tools keep the riskiest, count all, and lead to the search for the rest."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.vocabulary import Category, Facet, Risk
from site_builder.facet_pages import FacetTally, make_facet_pages
from site_builder.listing_pages import make_category_pages, make_risk_pages
from site_builder.paging import ROWS_A_PAGE
from site_builder.riskiest import MOST_LISTED, RiskiestLists
from site_builder.totals import Totals
from tests.site_builder.building import make_briefs
from tests.site_builder.record_factory import make_server, make_tool

RISKS = [None, *Risk]
MORE = MOST_LISTED + 7


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(RISKS)), max_size=40), st.integers(1, 6))
def test_what_is_kept_is_the_riskiest_in_the_order_in_which_it_came(
    added: list[tuple[str, Risk | None]], most: int
) -> None:
    lists: RiskiestLists[str, int] = RiskiestLists(most)
    for number, (key, risk) in enumerate(added):
        lists.add(key, risk, number)
    for key in "ab":
        own = [(risk, number) for number, (of, risk) in enumerate(added) if of == key]
        own.sort(key=lambda pair: -RISKS.index(pair[0]))
        assert lists.rows(key) == [number for _, number in own][:most]
        assert lists.count(key) == len(own)


def test_row_that_is_only_counted_is_not_kept() -> None:
    lists: RiskiestLists[str, int] = RiskiestLists()
    lists.add("a", Risk.HIGH, None)
    assert (lists.count("a"), lists.rows("a")) == (1, [])


def test_last_page_of_a_list_that_is_cut_leads_to_the_search_for_the_rest() -> None:
    lists: RiskiestLists[str, int] = RiskiestLists()
    for number in range(MORE):
        lists.add("a", Risk.LOW, number)
    parts = lists.cut("a", "lists/a", "risk=low")
    assert sum(len(part.rows) for part in parts) == MOST_LISTED
    assert [part.pager.more for part in parts[:-1] if part.pager] == [None] * (MOST_LISTED // ROWS_A_PAGE - 1)
    assert parts[-1].pager
    assert parts[-1].pager.says == f"1,601 to 2,000 of {MORE:,}"
    assert parts[-1].pager.more
    assert parts[-1].pager.more.label == "Search the other 7"
    assert parts[-1].pager.more.href == "../../../search/index.html?risk=low"


def test_every_kind_of_list_says_how_many_there_are_and_how_to_find_the_others() -> None:
    tool = make_tool("send", "Send it.", Category.WRITE, "Send", facets={Facet.EGRESS: "arbitrary"})
    (brief,) = make_briefs([make_server("one", [tool])])
    totals, facets = Totals(), FacetTally()
    for _ in range(MORE):
        totals.add(brief)
        facets.add(brief)
    made: dict[str, list[Any]] = {
        "category=write": list(make_category_pages(totals, Category.WRITE, "")),
        "risk=medium": list(make_risk_pages(totals, Risk.MEDIUM, "")),
        "facet=egress.arbitrary": [one for one in make_facet_pages(facets, "") if "egress/arbitrary/" in one[0]],
    }
    for query, pages in made.items():
        assert len(pages) == MOST_LISTED // ROWS_A_PAGE
        assert {page.count for _, page in pages} == {f"{MORE:,} tools"}
        pager = pages[-1][1].pager
        assert pager
        assert pager.more
        assert pager.more.label == "Search the other 7"
        assert pager.more.href
        assert pager.more.href.endswith(f"/search/index.html?{query}")
