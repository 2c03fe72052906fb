"""The pages about the whole made-up catalog, made as a build makes them. Not for pages of servers and tools."""

from collections.abc import Iterator, Sequence

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.status import CatalogStatus
from site_builder.change_pages import ChangedTools
from site_builder.changes import tell_once
from site_builder.survey import Made, Survey, make_pages
from tests.site_builder.building import ATTACKS, make_briefs
from tests.site_builder.status_factory import STATUS


def make_further(
    servers: Sequence[CatalogServer],
    changes: Sequence[ToolChange] = (),
    status: CatalogStatus = STATUS,
    base_url: str = "",
) -> Iterator[Made]:
    """Make the pages that have a template: all but the feed."""
    survey, changed = Survey(ATTACKS), ChangedTools(changes)
    for brief in make_briefs(servers):
        survey.add(brief)
        changed.add(brief)
    made = make_pages(survey, status, tell_once(changes), changes, changed.pages, base_url)
    return (one for one in made if one.template)
