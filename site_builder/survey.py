"""What the pages about the whole catalog have to know of it, gathered while its servers go by, and those pages.

Not for reading servers, nor for rendering: pages come as contexts, with the names of their templates.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.history import ToolChange
from catalog.status import CatalogStatus
from catalog.vocabulary import Category, Risk
from site_builder import urls
from site_builder.attack_pages import AttackTally, make_attack_index, make_attack_pages
from site_builder.attacks import AttackList
from site_builder.brief import ServerBrief
from site_builder.change_pages import ChangesPage, make_change_pages
from site_builder.changes import CHANGES_A_PAGE, Pages, make_change_rows
from site_builder.combination_pages import CombinationTally, make_combinations_page
from site_builder.compare_page import make_compare_page
from site_builder.facet_pages import FacetTally, make_facet_pages, make_facets_page
from site_builder.feed import Feed, render_feed
from site_builder.finding_pages import FindingTally, make_finding_pages, make_findings_page
from site_builder.listing_pages import (
    FEED_TITLE,
    make_category_pages,
    make_index_pages,
    make_not_analysed_page,
    make_risk_pages,
)
from site_builder.rule_pages import RuleTally, make_rule_pages, make_rules_page
from site_builder.search.page import make_search_page
from site_builder.source_pages import AgeTally, make_sources_page
from site_builder.text_pages import make_methodology_page, make_not_found_page
from site_builder.totals import Totals


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was made: the name of its template, its path, and its context. Bytes need no template."""

    template: str
    path: str
    page: object


class Survey:
    """Counts and lists over all servers, in one pass."""

    def __init__(self, attacks: AttackList) -> None:
        self.totals = Totals()
        self.facets = FacetTally()
        self.findings = FindingTally()
        self.rules = RuleTally()
        self.attacks = AttackTally(attacks)
        self.combinations = CombinationTally()
        self.ages = AgeTally()

    def add(self, server: ServerBrief) -> None:
        """Count a server."""
        self.totals.add(server)
        self.facets.add(server)
        self.findings.add(server)
        self.rules.add(server)
        self.attacks.add(server)
        self.combinations.add(server)
        self.ages.add(server)


def make_pages(
    survey: Survey,
    status: CatalogStatus,
    newest: tuple[ToolChange, ...],
    changes: Iterable[ToolChange],
    pages: Pages,
    base_url: str,
) -> Iterator[Made]:
    """Make all pages about the whole catalog, when all servers were counted.

    `newest` are the changes that home and the feed tell, `changes` stream newest first for the pages of days; `pages`
    locates servers and tools that have one.
    """
    yield from _make_counts(survey, status, base_url)
    yield from _make_lists(survey, base_url)
    for path, page in make_change_pages(changes, pages, base_url):
        yield Made("changes" if isinstance(page, ChangesPage) else "change_day", path, page)
    built_at = status.newest_look or ""
    yield Made("methodology", urls.METHODOLOGY, make_methodology_page(built_at, base_url))
    yield Made("search", urls.SEARCH, make_search_page(base_url))
    yield Made("compare", *make_compare_page(base_url))
    yield Made("not_found", urls.NOT_FOUND, make_not_found_page(base_url))
    feed = Feed(FEED_TITLE, urls.FEED, urls.INDEX)
    yield Made("", feed.path, render_feed(feed, newest, pages, built_at=built_at, base_url=base_url))
    latest = make_change_rows(newest[:CHANGES_A_PAGE], pages)
    for path, index in make_index_pages(survey.totals, latest, built_at, base_url):
        yield Made("index", path, index)


def _make_counts(survey: Survey, status: CatalogStatus, base_url: str) -> Iterator[Made]:
    yield Made("facets", *make_facets_page(survey.facets, base_url))
    yield Made("findings", *make_findings_page(survey.findings, base_url))
    yield Made("rules", *make_rules_page(survey.rules, base_url))
    yield from (Made("rule", *made) for made in make_rule_pages(survey.rules, base_url))
    yield Made("attack_index", *make_attack_index(survey.attacks, base_url))
    yield from (Made("attack", *made) for made in make_attack_pages(survey.attacks, base_url))
    yield Made("combinations", *make_combinations_page(survey.combinations, base_url))
    yield Made("sources", *make_sources_page(status, survey.ages, base_url))


def _make_lists(survey: Survey, base_url: str) -> Iterator[Made]:
    for risk in Risk:
        yield from (Made("tool_list", *made) for made in make_risk_pages(survey.totals, risk, base_url))
    for category in Category:
        yield from (Made("tool_list", *made) for made in make_category_pages(survey.totals, category, base_url))
    yield from (Made("facet", *made) for made in make_facet_pages(survey.facets, base_url))
    yield from (Made("finding_list", *made) for made in make_finding_pages(survey.findings, base_url))
    yield Made("not_analysed", *make_not_analysed_page(survey.totals, base_url))
