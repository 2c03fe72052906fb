"""The further pages of the made-up catalog, made as a build makes them."""

from collections.abc import Iterable, Iterator, Sequence

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.status import CatalogStatus
from site_builder.attacks import read_attacks
from site_builder.change_pages import ChangedTools, ChangesPage, make_change_pages
from site_builder.survey import Made, Survey, SurveyLists
from tests.site_builder.conftest import INCIDENTS
from tests.site_builder.status_factory import STATUS


def make_survey(servers: Iterable[CatalogServer]) -> Survey:
    survey = Survey(read_attacks(INCIDENTS))
    assert list(survey.watch(servers)) == list(servers)
    return survey


def make_further(
    servers: Sequence[CatalogServer],
    changes: Sequence[ToolChange] = (),
    status: CatalogStatus = STATUS,
    base_url: str = "",
) -> Iterator[Made]:
    survey = make_survey(servers)
    lists, changed = SurveyLists(survey, base_url), ChangedTools(changes)
    for server in servers:
        changed.add(server)
        yield from lists.add(server)
    yield from lists.finish()
    yield from survey.make_pages(status, base_url)
    for path, page in make_change_pages(changes, changed.pages, base_url):
        yield Made("changes" if isinstance(page, ChangesPage) else "change_day", path, page)
