"""The files of words: those of the frequent ones, a list or a part of one each, and those of all others by alphabet.

Not for gathering which word stands where: postings.py does that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from site_builder.search.contents import Contents, File, FrequentWord
from site_builder.search.files import name_lists, name_words
from site_builder.search.postings import Bytes, Counts, Numbers, Spill, encode_numbers, make_steps

_OVERHEAD = 1.15  # of what deflate makes of a list, over its entropy


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the alphabet with its lists: places of words and ranks, in names and in other texts; and counts."""

    start: int
    words: list[str]
    lists: tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]
    counts: tuple[Counts, Counts]

    @property
    def total(self) -> Counts:
        """Give how many ranks each word has."""
        return self.counts[0] + self.counts[1]


def pack_word_files(
    words: list[str], spills: tuple[Spill, Spill], counts: tuple[Counts, Counts], contents: Contents
) -> Iterator[File]:
    """Make all files of words. `words` is the alphabet, in whose order the spills are arranged and the counts stand."""
    ends = np.cumsum(counts[0] + counts[1])
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + contents.limits.at_once, side="right")))
        stretch = _Stretch(
            start,
            words[start:stop],
            (spills[0].take(start, stop), spills[1].take(start, stop)),
            (counts[0][start:stop], counts[1][start:stop]),
        )
        yield from _pack_frequent(stretch, contents)
        yield from _pack_others(stretch, contents)
        start = stop


def _pack_frequent(stretch: _Stretch, contents: Contents) -> Iterator[File]:
    limits = contents.limits
    for at in np.flatnonzero(stretch.total >= limits.frequent_from).tolist():
        names, texts = (_cut(_list_of(stretch.start + at, *held), contents) for held in stretch.lists)
        together = len(names) + len(texts) == 2 and int(stretch.total[at]) < 2 * limits.frequent_from
        first = contents.list_files
        for parts in [[*names, *texts]] if together else [[part] for part in (*names, *texts)]:
            yield contents.pack(name_lists(contents.list_files), _dump_parts(parts))
            contents.list_files += 1
        starts = [tuple(int(part[0]) for part in parts) for parts in (names, texts)]
        sizes = [int(counts[at]) for counts in stretch.counts]
        contents.frequent.append(FrequentWord(stretch.words[at], sizes[0], sizes[1], first, together, *starts))


def _list_of(place: int, places: Numbers, ranks: Numbers) -> Numbers:
    first, last = np.searchsorted(places, (place, place + 1))
    return ranks[first:last]


def _cut(ranks: Numbers, contents: Contents) -> list[Numbers]:
    """Cut a list into parts of about the size aimed at, by the entropy of a list as dense as it is."""
    if not len(ranks):
        return []
    dense = min(len(ranks) / contents.records, 0.999)
    bits = -(dense * np.log2(dense) + (1 - dense) * np.log2(1 - dense)) * contents.records
    parts = max(1, round(float(bits) / 8 * _OVERHEAD / contents.limits.list_file))
    return [part for part in np.array_split(ranks, parts) if len(part)]


def _dump_parts(parts: list[Numbers]) -> bytes:
    """Write lists one after the other: the length, the first rank, then the distances."""
    numbers = [np.concatenate(([len(one)], one[:1], np.diff(one))).astype(np.uint32) for one in parts]
    return encode_numbers(np.concatenate(numbers))[0].tobytes()


def _pack_others(stretch: _Stretch, contents: Contents) -> Iterator[File]:
    """Pack the words that are not frequent, as many a file as fit, each with its lists."""
    total = stretch.total
    kept = np.flatnonzero((total > 0) & (total < contents.limits.frequent_from))
    if not len(kept):
        return
    # A letter of an alphabet packs to about two thirds of a byte, the two counts of a word to two.
    weights = np.array([2 + len(stretch.words[at]) * 2 // 3 for at in kept.tolist()], np.int64)
    written = [_write_lists(kept + stretch.start, *held) for held in stretch.lists]
    for _, edges in written:
        weights += np.diff(edges)
    files = (np.cumsum(weights) - weights) // contents.limits.words_file
    for first, last in pairwise([0, *(np.flatnonzero(np.diff(files)) + 1).tolist(), len(files)]):
        alphabet = [stretch.words[at] for at in kept[first:last].tolist()]
        counts = np.concatenate([held[kept[first:last]] for held in stretch.counts]).astype(np.uint32)
        content = _dump_words(alphabet, counts)
        content += b"".join(lists[edges[first] : edges[last]].tobytes() for lists, edges in written)
        yield contents.pack(name_words(len(contents.words)), content)
        contents.words.append(alphabet[0])


def _write_lists(kept: Counts, places: Numbers, ranks: Numbers) -> tuple[Bytes, Counts]:
    """Write the lists of the kept words; and say where each begins, and where the last ends."""
    having = np.isin(places, kept)
    places, ranks = places[having], ranks[having]
    written, ends = encode_numbers(make_steps(places, ranks))
    bounds = np.concatenate((np.zeros(1, np.int64), ends))
    return written, bounds[np.append(np.searchsorted(places, kept), len(places))]


def _dump_words(alphabet: list[str], counts: Numbers) -> bytes:
    """Write how many words there are, how long they are, and them; then how many names and how many texts have each."""
    text = "\n".join(alphabet).encode()
    sizes = encode_numbers(np.array([len(alphabet), len(text)], np.uint32))[0]
    return sizes.tobytes() + text + encode_numbers(counts)[0].tobytes()
