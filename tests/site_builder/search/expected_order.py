"""In which order records stand and which queries find them, told from the records alone, without the index."""

from collections.abc import Iterable, Mapping

from site_builder.search.record import SearchRecord
from site_builder.search.standing import CATEGORIES, RISKS
from site_builder.search.words import cut_name, cut_text


def stand(record: SearchRecord) -> tuple[int, int, int, int]:
    words = min(cut_name(record.name)[1], 9)
    return RISKS.index(record.risk), CATEGORIES.index(record.category), words, int(record.tool is not None)


def order_records(records: Iterable[SearchRecord]) -> list[SearchRecord]:
    return sorted(records, key=lambda one: (*stand(one), one.name, one.server, one.tool or ""))


def cut_record(record: SearchRecord) -> tuple[set[str], set[str]]:
    """Give the words of the name, and those only beside it, filters among them."""
    named, _ = cut_name(record.name)
    filters = {f"@{record.server}", *(f":{facet}" for facet in record.facets)}
    return named, {*cut_text(record.text)} - named | filters


def find_ranks(ordered: Iterable[SearchRecord], typed: str, filters: Mapping[str, str]) -> list[int]:
    """Give the ranks of the records that a query should find, by looking at each."""
    *whole, last = [*cut_text(typed)] or [""]
    half = typed == typed.strip()
    found = []
    for rank, record in enumerate(ordered):
        words = set.union(*cut_record(record))
        having = {
            "risk": str(record.risk or "unknown").lower(),
            "category": str(record.category or "unknown").lower(),
            "kind": "tool" if record.tool else "server",
        }
        fits = all(word in words for word in whole)
        fits &= any(word.startswith(last) for word in words) if half else last in words
        fits &= all(having.get(name, value) == value for name, value in filters.items())
        if fits and ("facet" not in filters or filters["facet"] in record.facets):
            found.append(rank)
    return found
