"""What is searched: one record a tool and one a server, made from the catalog, all strangers' text made showable.

Not for order or files: ranking.py and build.py see to those.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from msgspec import structs

from catalog.records import CatalogServer, CatalogTool
from catalog.vocabulary import Category, Risk
from site_builder.foreign_text import first_sentence, show_line
from site_builder.rows import display_name
from site_builder.search.packed import PackedServer, encode
from site_builder.search.standing import Standing
from site_builder.search.words import cut_name, cut_text

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


def pack_records(server: CatalogServer) -> bytes:
    """Pack all that the index needs of a server: to be kept as long as the server stays as it is."""
    return pack(server.slug, make_records(server))


def pack(server: str, records: Iterable[SearchRecord]) -> bytes:
    """Cut the records of the server with this slug into words; the same records make the same bytes."""
    places: defaultdict[str, int] = defaultdict(count().__next__)
    packed = PackedServer(server, [], [], [], "", [], [], [], [])
    for record in records:
        named, size = cut_name(record.name)
        beside = dict.fromkeys(word for word in cut_text(record.text) if word not in named)
        filters = (f"@{server}", *(f":{facet}" for facet in record.facets))
        standing = Standing.of(record.risk, record.category, size, is_tool=record.tool is not None)
        packed.standings.append(standing.number)
        packed.names.append(record.name)
        packed.tools.append("" if record.tool is None or record.tool == record.name else record.tool)
        packed.in_names.extend(map(places.__getitem__, sorted(named)))
        packed.name_sizes.append(len(named))
        packed.in_texts.extend(map(places.__getitem__, (*beside, *filters)))
        packed.text_sizes.append(len(beside) + len(filters))
    return encode(structs.replace(packed, words=" ".join(places)))


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
