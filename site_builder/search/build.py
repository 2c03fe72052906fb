"""Build the search index: a stream of records in, a stream of files out, memory bounded by the number of words.

The format is described in docs/decisions/0013-static-search.md; `static/search_query.js` reads it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, count

import numpy as np
import orjson

from site_builder.search.contents import Contents, File, Limits
from site_builder.search.files import name_records
from site_builder.search.postings import Spill
from site_builder.search.ranking import Ranked, Ranking
from site_builder.search.record import SearchRecord
from site_builder.search.word_files import pack_word_files
from site_builder.search.words import browser_order, cut_text


def build_index(records: Iterable[SearchRecord], limits: Limits | None = None) -> Iterator[File]:
    """Build the index of these records."""
    with Ranking() as ranking:
        ranking.add(records)
        yield from pack_index(ranking, limits)


def pack_index(ranking: Ranking, limits: Limits | None = None) -> Iterator[File]:
    """Make the index of what is ranked: each file with its path on the site, the one that is read first at the end."""
    contents = Contents(limits or Limits())
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    with Spill() as names, Spill() as texts:
        paired = {word for word, times in ranking.name_counts.items() if times >= contents.limits.pairs_from}
        yield from _pack_records(_spill(ranking, numbers, paired, (names, texts)), contents)
        alphabet = sorted(numbers, key=browser_order)
        places = np.empty(len(alphabet), np.uint32)
        places[[numbers[word] for word in alphabet]] = np.arange(len(alphabet), dtype=np.uint32)
        numbers.clear()
        yield from pack_word_files(alphabet, places, (names, texts), contents)
    yield contents.pack_itself()


def _spill(
    ranking: Ranking, numbers: defaultdict[str, int], paired: set[str], spills: tuple[Spill, Spill]
) -> Iterator[Ranked]:
    """Note by rank which words stand in each record: in its name, or only beside it. Filters are words, too."""
    names, texts = spills
    for rank, record in enumerate(ranking.iter_ranked()):
        named = record.named
        names.add(rank, [numbers[word] for word in sorted(named)])
        if len(frequent := sorted(named & paired, key=browser_order)) > 1:
            names.add(rank, [numbers[f"{one} {other}"] for one, other in combinations(frequent, 2)])
        beside = dict.fromkeys(word for word in cut_text(record.text) if word not in named)
        filters = [f"@{record.server}", *(f":{facet}" for facet in record.facets)]
        texts.add(rank, [numbers[word] for word in (*beside, *filters)])
        yield record


def _pack_records(records: Iterable[Ranked], contents: Contents) -> Iterator[File]:
    held: list[Ranked] = []
    files = count()
    for record in records:
        contents.note_record(record.standing)
        held.append(record)
        if len(held) == contents.limits.records_a_file:
            yield contents.pack(name_records(next(files)), _dump_records(held))
            held.clear()
    if held:
        yield contents.pack(name_records(next(files)), _dump_records(held))


def _dump_records(held: list[Ranked]) -> bytes:
    """Write records as columns, which pack better; a tool's slug only where it is not its name."""
    columns = [
        [record.name for record in held],
        [record.server for record in held],
        ["" if record.tool == record.name else record.tool for record in held],
    ]
    return orjson.dumps(columns)
