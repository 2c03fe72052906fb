"""Combinations: every kind explained, its legs counted, and what one server's own tools make."""

from catalog.records import CatalogServer, CatalogTool
from catalog.vocabulary import Category, Facet
from classifier.combinations import find_combinations
from site_builder.combination_pages import CombinationTally, make_combinations_page, server_combinations
from site_builder.environment import make_renderer
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_file_server, make_mail_server
from tests.site_builder.record_factory import make_server, make_tool

SCRIPT = "</script><script>document.title='owned'</script>\u202e"


def tool(name: str, slug: str = "", **facets: str) -> CatalogTool:
    held = {Facet(facet): value for facet, value in facets.items()}
    return make_tool(name, "Do it.", Category.WRITE, "Do", slug=slug or name, facets=held)


def tally_of(*servers: CatalogServer) -> CombinationTally:
    tally = CombinationTally()
    for brief in make_briefs(servers):
        tally.add(brief)
    return tally


def trifecta(*extra: CatalogTool) -> CatalogServer:
    tools = [
        tool("read_notes", sensitive_data="private"),
        tool("fetch_page", untrusted_input="typical"),
        tool("post_anywhere", egress="arbitrary"),
    ]
    return make_server("three-legs", [*tools, *extra])


def test_page_explains_each_kind_that_the_classifier_finds() -> None:
    _, page = make_combinations_page(tally_of(), "")
    everything = [
        (server.slug, f"{server.slug}.{one.slug}", one.assessment)
        for server in (
            trifecta(
                tool("run", code_execution="arbitrary"),
                tool("pay", money="moves"),
                tool("key", sensitive_data="credentials"),
            ),
        )
        for one in server.tools
        if one.assessment
    ]
    found = {one.id: one for one in find_combinations(everything)}
    assert len(found) >= 4
    assert {kind.id for kind in page.kinds} == set(found)
    for kind in page.kinds:
        assert [leg.name for leg in kind.legs] == [leg.name for leg in found[kind.id].legs]
        assert kind.rationale == found[kind.id].rationale


def test_leg_says_which_facet_values_give_it() -> None:
    _, page = make_combinations_page(tally_of(), "")
    legs = {leg.name: [value.href for value in leg.values] for kind in page.kinds for leg in kind.legs}
    assert legs["a way out"] == [
        "facets/code_execution/arbitrary/index.html",
        "facets/egress/arbitrary/index.html",
        "facets/egress/third_party/index.html",
    ]
    assert legs["text that strangers write"] == ["facets/untrusted_input/typical/index.html"]


def test_servers_and_tools_are_counted_for_each_leg() -> None:
    second = make_server("two-legs", [tool("mail_out", egress="arbitrary"), tool("also", egress="third_party")])
    tally = tally_of(trifecta(), second, make_server("empty"))
    assert tally.servers == 2
    assert (tally.leg_servers["a way out"], tally.leg_tools["a way out"]) == (2, 3)
    assert (tally.leg_servers["private data"], tally.made["lethal-trifecta"]) == (1, 1)
    _, page = make_combinations_page(tally, "")
    legs = {leg.name: leg.servers for kind in page.kinds for leg in kind.legs}
    assert legs["a way out"] == "2 servers"


def test_count_agrees_with_the_classifier_for_every_server() -> None:
    for server in make_catalog():
        tally = tally_of(server)
        assert {id_ for id_, count in tally.made.items() if count} == {
            one.href.rpartition("#")[2] for one in server_combinations(server)
        }


def test_tool_that_brings_all_of_it_is_counted_and_named() -> None:
    alone = tool("assistant", sensitive_data="private", untrusted_input="typical", egress="arbitrary")
    server = make_server("all-in-one", [alone])
    assert tally_of(server).alone["lethal-trifecta"] == 1
    (found,) = server_combinations(server)
    assert "Alone, assistant already brings all of it together." in found.advice
    assert "All of it in a single tool: 1 tool." in make_renderer()(
        "pages/combinations.html", make_combinations_page(tally_of(server), "")[1]
    )


def test_server_without_all_legs_makes_nothing() -> None:
    assert server_combinations(make_server("quiet", [tool("fetch", untrusted_input="typical")])) == ()
    assert server_combinations(make_server("nothing")) == ()
    assert server_combinations(make_file_server()) == ()


def test_server_says_which_of_its_tools_to_cut_and_links_them() -> None:
    (found,) = server_combinations(make_mail_server())
    assert found.href == "combinations/index.html#lethal-trifecta"
    assert {link.label: link.href for link in found.tools} == {
        "search_mail": "servers/paperboat-mail/search_mail/index.html",
        "send_mail": "servers/paperboat-mail/send_mail/index.html",
    }
    assert found.advice.startswith("Hide ")
    assert found.advice.endswith(".")


def test_hostile_names_are_shown_as_text() -> None:
    hostile = tool(SCRIPT, "hostile", egress="arbitrary")
    server = make_server("h", [*trifecta().tools[:2], tool("x", untrusted_input="typical"), hostile])
    for found in server_combinations(server):
        assert "\u202e" not in found.advice + "".join(link.label for link in found.tools)


def test_many_tools_are_cut_and_the_cut_is_said() -> None:
    more = [tool(f"out_{at:03d}", egress="arbitrary") for at in range(300)]
    (found,) = server_combinations(trifecta(*more))
    assert (len(found.tools), found.tools_more) == (12, 291)
    assert len(found.advice) < 300
