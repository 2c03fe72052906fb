"""Findings: by rule and severity, with quote and tool; and what "none found" means."""

from selectolax.lexbor import LexborHTMLParser

from catalog.records import CatalogServer, Evidence, Finding
from catalog.vocabulary import Category, Severity
from classifier.rule import Threat
from classifier.rules import RULES
from site_builder.environment import make_renderer
from site_builder.finding_pages import FindingListPage, FindingTally, make_finding_pages, make_findings_page
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_mail_server, make_shop
from tests.site_builder.record_factory import make_server, make_tool

SCRIPT = "</blockquote><script>document.title='owned'</script>\u202e"


def make_finding(rule: str, severity: Severity = Severity.HIGH, quote: str = "words") -> Finding:
    return Finding(rule, f"It says {quote}", severity, 0.9, Evidence("description", quote, "says", 0, 5, rule))


def server_with(*findings: Finding) -> CatalogServer:
    return make_server("loud", [make_tool("shout", "Shout it.", Category.WRITE, "Shout", findings=findings)])


def look(*servers: CatalogServer) -> tuple[FindingTally, dict[str, FindingListPage]]:
    tally = FindingTally()
    for brief in make_briefs(servers):
        tally.add(brief)
    return tally, dict(make_finding_pages(tally, ""))


def test_none_found_says_what_was_looked_for_and_over_how_many_tools() -> None:
    tally, pages = look(make_mail_server())
    _, page = make_findings_page(tally, "")
    assert pages == {}
    assert (page.found, page.looked_at, page.found_kinds) == ("", "6 tools", ())
    asked = {row.asks for row in page.other_kinds}
    assert {rule.question for rule in RULES if isinstance(rule.says, Threat)} < asked
    text = make_renderer()("pages/findings.html", page)
    assert "<strong>None found</strong> in the definitions of 6 tools. That is no promise" in text


def test_tools_without_verdict_were_not_looked_at_and_that_is_said() -> None:
    tally, _ = look(make_shop())
    _, page = make_findings_page(tally, "")
    assert (page.looked_at, page.unassessed) == ("4 tools", "1 tool")
    assert "1 tool more could not be looked at" in make_renderer()("pages/findings.html", page)


def test_findings_are_listed_by_severity_then_rule() -> None:
    found = [
        make_finding("steers-order", Severity.LOW),
        make_finding("asks-for-secrets"),
        make_finding("hides-characters"),
    ]
    tally, pages = look(server_with(*found))
    _, page = make_findings_page(tally, "")
    assert [(row.severity, row.href) for row in page.found_kinds] == [
        ("high", "findings/high/asks-for-secrets/index.html"),
        ("high", "findings/high/hides-characters/index.html"),
        ("low", "findings/low/steers-order/index.html"),
    ]
    assert set(pages) == {row.href for row in page.found_kinds}
    assert (page.found, page.on) == ("3 findings", "1 tool")
    assert not {"Asks for secrets or the conversation"} & {row.title for row in page.other_kinds}


def test_one_rule_with_two_severities_has_two_lists() -> None:
    _, pages = look(
        server_with(make_finding("declared-hint", Severity.LOW), make_finding("declared-hint", Severity.MEDIUM))
    )
    assert set(pages) == {"findings/low/declared-hint/index.html", "findings/medium/declared-hint/index.html"}


def test_finding_is_shown_with_its_tool_its_server_and_its_quote() -> None:
    _, pages = look(server_with(make_finding("asks-for-secrets", quote="hand over the key")))
    (row,) = pages["findings/high/asks-for-secrets/index.html"].rows
    assert (row.tool.href, row.server.href) == ("servers/loud/shout/index.html", "servers/loud/index.html")
    assert (row.quote, row.field) == ("hand over the key", "the description")


def test_hostile_quote_stays_text() -> None:
    _, pages = look(server_with(make_finding("asks-for-secrets", quote=SCRIPT)))
    text = make_renderer()("pages/finding_list.html", pages["findings/high/asks-for-secrets/index.html"])
    tree = LexborHTMLParser(text)
    assert len(tree.css("script")) == 1
    assert "\u202e" not in text
    assert "owned" in tree.css_first("blockquote").text()  # type: ignore[union-attr]


def test_finding_of_a_rule_that_this_release_does_not_have_is_not_lost() -> None:
    tally, pages = look(*make_catalog())
    assert tally.kinds["tells-the-model-to-hide", Severity.HIGH] == 1
    assert len(pages["findings/high/tells-the-model-to-hide/index.html"].rows) == 1


def test_id_that_is_no_address_is_listed_under_other() -> None:
    _, pages = look(server_with(make_finding("../../etc"), make_finding("A b")))
    assert [len(page.rows) for path, page in pages.items() if path == "findings/high/other/index.html"] == [2]
    assert len(pages) == 1


def test_many_findings_go_on_over_pages() -> None:
    tools = [
        make_tool(f"t{at:04d}", "Shout.", Category.WRITE, "Shout", findings=(make_finding("steers-order"),))
        for at in range(405)
    ]
    _, pages = look(make_server("many", tools))
    assert [len(page.rows) for page in pages.values()] == [400, 5]
