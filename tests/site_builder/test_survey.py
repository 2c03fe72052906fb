"""The pages about the whole catalog: each of its context, cut where lists are long, and small in memory."""

import pytest

from catalog.records import RiskMove
from catalog.vocabulary import Category
from site_builder.brief import decode_brief, encode_brief
from site_builder.environment import make_reference, make_renderer
from site_builder.pages import IndexPage, ToolListPage
from site_builder.survey import Survey
from tests.site_builder.building import ATTACKS, make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_large_catalog
from tests.site_builder.change_factory import make_changes
from tests.site_builder.further_pages import make_further
from tests.site_builder.record_factory import make_server, make_tool
from tests.site_builder.status_factory import EMPTY_STATUS
from tests.site_builder.test_templates import CONTEXTS

OF_SERVERS = {"policy", "server", "tool"}
MADE = tuple(make_further(make_catalog(), make_changes()))


def test_every_page_is_of_the_context_of_its_template_and_no_template_is_unused() -> None:
    assert all(type(made.page) is CONTEXTS[made.template] for made in MADE)
    assert {made.template for made in MADE} == set(CONTEXTS) - OF_SERVERS
    assert len({made.path for made in MADE}) == len(MADE)


@pytest.mark.parametrize("template", sorted(set(CONTEXTS) - OF_SERVERS))
def test_both_engines_write_the_same_of_an_empty_catalog(template: str) -> None:
    render, reference = make_renderer(), make_reference()
    for made in make_further([], (), EMPTY_STATUS):
        if made.template == template:
            assert render(f"pages/{template}.html", made.page) == reference(f"pages/{template}.html", made.page)


def test_two_surveys_of_one_catalog_make_the_same_pages() -> None:
    assert tuple(make_further(make_catalog(), make_changes())) == MADE


def test_empty_catalog_makes_pages_that_say_so() -> None:
    render = make_renderer()
    pages = {made.path: render(f"pages/{made.template}.html", made.page) for made in make_further([], (), EMPTY_STATUS)}
    assert "No tool in this catalog has this answer." in pages["facets/egress/arbitrary/index.html"]
    assert "<strong>None found</strong> in the definitions of 0 tools" in pages["findings/index.html"]
    assert "No source was visited." in pages["sources/index.html"]
    assert "No tool has been seen to change yet." in pages["changes/index.html"]
    assert "No server in this catalog makes it" in pages["combinations/index.html"]
    assert "For none of 0 tools" in pages["rules/deletes-data/index.html"]


def test_known_address_makes_canonical_links() -> None:
    render = make_renderer()
    for made in make_further(make_catalog(), make_changes(), base_url="https://tools.example.org/"):
        if made.template == "not_found":  # stands at any address
            continue
        page = render(f"pages/{made.template}.html", made.page)
        address = made.path.removesuffix("index.html")
        assert f'<link rel="canonical" href="https://tools.example.org/{address}">' in page


def test_long_lists_go_on_over_several_pages_riskiest_first() -> None:
    tools = [make_tool(f"look_{at:03d}", "Look.", Category.READ, "Look") for at in range(401)]
    late = make_tool("peek", "Look at it.", Category.READ, "Look", moves=[RiskMove(1, "it matters")])
    silent = [make_server(f"silent-{at:03d}") for at in range(499)]
    made = {one.path: one.page for one in make_further([make_server("a", tools), make_server("z", [late]), *silent])}
    home = made["servers-2/index.html"]
    assert isinstance(home, IndexPage)
    assert home.pager
    assert home.pager.says == "501 to 501 of 501"
    first, second = made["category/read/index.html"], made["category/read/2/index.html"]
    assert isinstance(first, ToolListPage)
    assert isinstance(second, ToolListPage)
    assert (len(first.tools), len(second.tools)) == (400, 2)
    assert [row.name for row in first.tools[:2]] == ["peek", "look_000"]


def test_brief_is_the_same_when_it_is_read_again() -> None:
    for brief in make_briefs(make_catalog()):
        assert decode_brief(encode_brief(brief)) == brief


def test_survey_holds_no_more_rows_for_a_large_catalog_than_pages_show() -> None:
    few, many = _rows_held(servers=80), _rows_held(servers=160)
    assert many == few


def _rows_held(servers: int) -> int:
    survey = Survey(ATTACKS)
    for brief in make_briefs(make_large_catalog(servers=servers, tools=8)):
        survey.add(brief)
    attacks = sum(len(survey.attacks.riskiest(attack.id)) for attack in survey.attacks.attacks)
    return attacks + sum(map(len, survey.rules.examples.values()))
