"""What is searched: one record a tool and one a server, made from the catalog, all strangers' text made showable.

Not for order or files: ranking.py and build.py see to those.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.records import CatalogServer, CatalogTool
from catalog.vocabulary import Category, Risk
from site_builder.foreign_text import first_sentence, show_line
from site_builder.rows import display_name

_NAME_LIMIT = 80
_TEXT_LIMIT = 150


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """A tool, or a server when `tool` is None. `server` and `tool` are slugs.

    `text` holds the words beside the name; `facets` are `facet.value`. A server has the category and the risk of its
    strongest tool. None is: not analysed.
    """

    server: str
    tool: str | None
    name: str
    text: str
    category: Category | None
    risk: Risk | None
    facets: tuple[str, ...] = ()


def make_records(server: CatalogServer) -> Iterator[SearchRecord]:
    """Make the records of a server: its own first, then one a tool."""
    shown = show_line(display_name(server), _NAME_LIMIT)
    judged = [tool.assessment for tool in server.tools if tool.assessment]
    own = (show_line(server.name, _TEXT_LIMIT), first_sentence(server.description or "", _TEXT_LIMIT))
    yield SearchRecord(
        server=server.slug,
        tool=None,
        name=shown,
        text=" ".join((server.slug, *own)),
        category=max((one.category for one in judged), key=list(Category).index, default=None),
        risk=max((one.risk for one in judged), key=list(Risk).index, default=None),
    )
    for tool in server.tools:
        yield _make_tool_record(server, shown, tool)


def _make_tool_record(server: CatalogServer, shown: str, tool: CatalogTool) -> SearchRecord:
    definition, assessment = tool.definition, tool.assessment
    about = first_sentence(definition.description or "", _TEXT_LIMIT)
    return SearchRecord(
        server=server.slug,
        tool=tool.slug,
        name=show_line(definition.name, _NAME_LIMIT) or tool.slug,
        text=" ".join((show_line(definition.title or "", _NAME_LIMIT), about, shown, server.slug)),
        category=assessment.category if assessment else None,
        risk=assessment.risk if assessment else None,
        facets=tuple(f"{facet}.{found.value}" for facet, found in assessment.facets.items()) if assessment else (),
    )
