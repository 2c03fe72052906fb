"""Which word stands in which record: pairs spilled to disk as they come, given back word by word in order.

Not for files of the site: it knows numbers of words and of records, and how lists of ranks become bytes.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Counts = NDArray[np.int64]

_HALF = np.uint64(32)


class Spill:
    """Pairs of a word and a record, in files of a folder of its own. Memory holds `at_once` of them."""

    def __init__(self, folder: Path, at_once: int) -> None:
        folder.mkdir()
        self._folder = folder
        self._at_once = at_once
        self._chunks: list[Path] = []
        self._words = array("I")
        self._sizes = array("I")
        self._records = 0

    def add(self, words: Iterable[int], sizes: Iterable[int]) -> None:
        """Note the words of the next records, one after the other; `sizes` tell how many each record has."""
        self._words.extend(words)
        self._sizes.extend(sizes)
        if len(self._words) >= self._at_once:
            self._flush()

    def add_pairs(self, words: Numbers, records: Numbers) -> None:
        """Note further words of records that were noted before."""
        path = self._folder / f"{len(self._chunks)}.npy"
        np.save(path, np.stack((words, records)))
        self._chunks.append(path)

    def iter_pairs(self) -> Iterator[tuple[Numbers, Numbers]]:
        """Stream what was noted so far, words and records. A record's words come together, but for further ones."""
        self._flush()
        for path in tuple(self._chunks):
            words, records = np.load(path)
            yield words, records

    def count(self, size: int) -> Counts:
        """Count the records of each word; there are `size` words."""
        counts = np.zeros(size, np.int64)
        for words, _ in self.iter_pairs():
            counts += np.bincount(words, minlength=size)
        return counts

    def arrange(self, places: Numbers, ranks: Numbers) -> Counts:
        """Order the pairs by the words' places, then by the records' ranks; count them by place. The last step."""
        counts = self.count(len(places))
        for path, (words, records) in zip(self._chunks, self.iter_pairs(), strict=True):
            keys = places[words].astype(np.uint64) << _HALF | ranks[records]
            keys.sort()
            np.save(path, keys)
        arranged = np.empty_like(counts)
        arranged[places] = counts
        return arranged

    def take(self, start: int, stop: int) -> tuple[Numbers, Numbers]:
        """Give the pairs of the words at the places from `start` to before `stop`: places, and ranks, in order."""
        bounds = np.array((start, stop), np.uint64) << _HALF
        taken = [np.empty(0, np.uint64)]
        for path in self._chunks:
            held = np.load(path, mmap_mode="r")
            taken.append(held[slice(*np.searchsorted(held, bounds))])
        keys = np.concatenate(taken)
        keys.sort()
        return (keys >> _HALF).astype(np.uint32), keys.astype(np.uint32)

    def _flush(self) -> None:
        if not self._sizes:
            return
        records = np.arange(self._records, self._records + len(self._sizes), dtype=np.uint32)
        self.add_pairs(np.array(self._words, np.uint32), np.repeat(records, self._sizes))
        self._records += len(self._sizes)
        self._words, self._sizes = array("I"), array("I")


def make_steps(places: Numbers, ranks: Numbers) -> Numbers:
    """Replace each rank by its distance from the one before it; a word's first stays as it is."""
    steps = ranks.copy()
    same = places[1:] == places[:-1]
    steps[1:][same] -= ranks[:-1][same]
    return steps


def encode_numbers(numbers: Numbers) -> tuple[Bytes, Counts]:
    """Write each number in groups of seven bits, lowest first, a set high bit meaning more; say where each ends."""
    lengths = np.ones(len(numbers), np.uint8)
    for bits in (7, 14, 21, 28):
        lengths += numbers >= np.uint32(1 << bits)
    ends = np.cumsum(lengths, dtype=np.int64)
    written = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    at = ends - lengths
    while len(numbers):
        longer = np.flatnonzero(numbers > np.uint32(0x7F))
        group = (numbers & np.uint32(0x7F)).astype(np.uint8)
        group[longer] |= np.uint8(0x80)
        written[at] = group
        numbers, at = numbers[longer] >> np.uint32(7), at[longer] + 1
    return written, ends
