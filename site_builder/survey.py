"""What further pages have to know of the whole catalog, gathered while servers come by, and the pages made of it.

Not a second reading: it watches the passes over the servers that a build makes anyway.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.records import CatalogServer
from catalog.status import CatalogStatus
from site_builder.attack_pages import AttackTally, make_attack_index, make_attack_pages
from site_builder.attacks import AttackList
from site_builder.combination_pages import CombinationTally, make_combinations_page
from site_builder.facet_pages import FacetLists, FacetTally, make_facets_page
from site_builder.finding_pages import FindingLists, FindingTally, make_findings_page
from site_builder.rule_pages import RuleTally, make_rule_pages, make_rules_page
from site_builder.source_pages import AgeTally, make_sources_page


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was made: the name of its template, its path, and its context."""

    template: str
    path: str
    page: object


class Survey:
    """Counts over all servers, in one pass."""

    def __init__(self, attacks: AttackList) -> None:
        self.facets = FacetTally()
        self.findings = FindingTally()
        self.rules = RuleTally()
        self.attacks = AttackTally(attacks)
        self.combinations = CombinationTally()
        self.ages = AgeTally()

    def watch(self, servers: Iterable[CatalogServer]) -> Iterator[CatalogServer]:
        """Count the servers of the first pass while they go by."""
        for server in servers:
            self.add(server)
            yield server

    def add(self, server: CatalogServer) -> None:
        """Count a server."""
        for tally in (self.facets, self.findings, self.rules, self.attacks, self.combinations, self.ages):
            tally.add(server)

    def make_pages(self, status: CatalogStatus, base_url: str) -> Iterator[Made]:
        """Make the pages that need counts alone, when all servers were counted."""
        yield Made("facets", *make_facets_page(self.facets, base_url))
        yield Made("findings", *make_findings_page(self.findings, base_url))
        yield Made("rules", *make_rules_page(self.rules, base_url))
        yield from (Made("rule", *made) for made in make_rule_pages(self.rules, base_url))
        yield Made("attack_index", *make_attack_index(self.attacks, base_url))
        yield from (Made("attack", *made) for made in make_attack_pages(self.attacks, base_url))
        yield Made("combinations", *make_combinations_page(self.combinations, base_url))
        yield Made("sources", *make_sources_page(status, self.ages, base_url))


class SurveyLists:
    """The lists that go on over pages, given out while the servers of the second pass come in."""

    def __init__(self, survey: Survey, base_url: str) -> None:
        self._facets = FacetLists(survey.facets, base_url)
        self._findings = FindingLists(survey.findings, base_url)

    def add(self, server: CatalogServer) -> Iterator[Made]:
        """Take a server in, and give the pages that became full."""
        yield from (Made("facet", *made) for made in self._facets.add(server))
        yield from (Made("finding_list", *made) for made in self._findings.add(server))

    def finish(self) -> Iterator[Made]:
        """Give the last page of each list."""
        yield from (Made("facet", *made) for made in self._facets.finish())
        yield from (Made("finding_list", *made) for made in self._findings.finish())
