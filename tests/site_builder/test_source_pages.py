"""Sources and coverage: what is listed, what was looked at, what fails; nothing that depends on the hour."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from catalog.session import open_catalog
from catalog.status import QueueStatus, SourceStatus, read_status
from site_builder.environment import make_renderer
from site_builder.source_pages import AgeTally, SourcesPage, make_sources_page
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_mail_server
from tests.site_builder.status_factory import STATUS


def page_of(**told: Any) -> SourcesPage:
    return make_sources_page(replace(STATUS, **told), AgeTally(), "")[1]


def test_servers_that_were_not_looked_at_are_counted_apart() -> None:
    page = page_of()
    assert (page.listed, page.looked_at, page.waiting, page.unclassified) == ("9", "6", "3 servers", "1 tool")
    assert "3 servers listed and not looked at yet." in make_renderer()("pages/sources.html", page)


def test_each_source_says_what_it_lists_and_how_its_last_visit_went() -> None:
    asked, registry = page_of().sources
    assert (asked.name, asked.visited, asked.problem) == ("whoever made this catalog", "", "")
    assert (registry.listed, registry.looked_at, registry.withdrawn, registry.visited) == ("7", "4", "1", "2026-11-18")
    assert registry.problem.startswith("answered with")


def test_outcomes_causes_and_claims_are_said_in_words() -> None:
    cards = {card.id: card for card in page_of().cards}
    assert [(row.label, row.count) for row in cards["outcomes"].rows][:2] == [("Complete", "2"), ("Partial", "2")]
    assert [row.label for row in cards["causes"].rows] == ["out of reach"]
    assert [row.label for row in cards["claims"].rows] == ["Verified", "Not verified"]
    assert cards["claims"].rows[0].means.startswith("This package")


def test_what_fails_is_listed_and_hostile_words_stay_text() -> None:
    text = make_renderer()("pages/sources.html", page_of())
    tree = LexborHTMLParser(text)
    assert next(cell.text() for cell in tree.css(".problems tbody tr td:last-child")) == "the archive is damaged"
    assert len(tree.css("script")) == 1
    assert "\u202e" not in text


def test_long_lists_are_cut_and_the_cut_is_said() -> None:
    problems = tuple((f"npm:{at}", "crawl", "r" * 5_000) for at in range(950))
    sources = tuple(SourceStatus(f"list-{at:03d}", 1, 1, 0, None, None) for at in range(450))
    page = page_of(problems=problems, sources=sources)
    assert (len(page.problems), page.problems_more) == (200, "750 more")
    assert (len(page.sources), page.sources_more) == (400, 50)
    assert max(len(row.reason) for row in page.problems) <= 300


def test_ages_are_told_by_month_newest_first() -> None:
    ages, (brief,) = AgeTally(), make_briefs([make_mail_server()])
    for month in range(1, 13):
        for year in (2024, 2025, 2026):
            ages.add(replace(brief, looked_at=f"{year}-{month:02d}-03T00:00:00+00:00"))
    _, page = make_sources_page(STATUS, ages, "")
    (card,) = (card for card in page.cards if card.id == "ages")
    assert [row.label for row in card.rows][:2] == ["2026-12", "2026-11"]
    assert (card.rows[-1].label, card.rows[-1].count, len(card.rows)) == ("earlier", "12", 25)


def test_page_is_the_same_whatever_is_due() -> None:
    due = QueueStatus(6, 6, 1, "2026-12-24", "2026-10-01T00:00:00+00:00", "2026-11-18T09:30:00+00:00")
    assert page_of(queue=due) == page_of()


def test_new_catalog_knows_nothing_and_says_so(tmp_path: Path) -> None:
    status = read_status(open_catalog(f"sqlite:///{tmp_path}/new.db"), "2026-11-18T00:00:00+00:00")
    path, page = make_sources_page(status, AgeTally(), "")
    assert path == "sources/index.html"
    assert (page.listed, page.looked_at, page.cards, page.problems) == ("0", "0", (), ())
    assert "Nothing failed when it was last tried." in make_renderer()("pages/sources.html", page)
