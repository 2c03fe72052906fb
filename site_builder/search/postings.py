"""Which word stands in which record: pairs spilled to disk as they come, given back word by word in order.

Not for files of the site: it knows places of words, ranks of records, and how lists of ranks become bytes.
"""

import tempfile
from array import array
from collections.abc import Iterable
from itertools import repeat
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]
Bytes = NDArray[np.uint8]

_SPILL_AT = 1_000_000


class Spill:
    """Pairs of a word's number and a rank, ranks rising. Memory holds at most a million of them."""

    def __init__(self) -> None:
        self._words = array("I")
        self._ranks = array("I")
        self._folder = tempfile.TemporaryDirectory()
        self._chunks: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def add(self, rank: int, words: Iterable[int]) -> None:
        """Note that these words stand in the record at `rank`."""
        before = len(self._words)
        self._words.extend(words)
        self._ranks.extend(repeat(rank, len(self._words) - before))
        if len(self._words) >= _SPILL_AT:
            self._flush()

    def arrange(self, places: Numbers) -> Numbers:
        """Put the pairs in the order of `places`, which holds a place for each number; count the pairs of each."""
        self._flush()
        counts = np.zeros(len(places), np.uint32)
        for path in self._chunks:
            words, ranks = np.load(path)
            words = places[words]
            counts += np.bincount(words, minlength=len(places)).astype(np.uint32)
            order = np.argsort(words, kind="stable")
            np.save(path, np.stack((words[order], ranks[order])))
        return counts

    def take(self, start: int, stop: int) -> tuple[Numbers, Numbers]:
        """Give the pairs of the words at the places from `start` to before `stop`: places, and ranks, both rising."""
        places, ranks = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
        for path in self._chunks:
            held = np.load(path, mmap_mode="r")
            first, last = np.searchsorted(held[0], (start, stop))
            places.append(held[0, first:last])
            ranks.append(held[1, first:last])
        joined = np.concatenate(places)
        order = np.argsort(joined, kind="stable")
        return joined[order], np.concatenate(ranks)[order]

    def _flush(self) -> None:
        path = Path(self._folder.name) / f"{len(self._chunks)}.npy"
        np.save(path, np.array((self._words, self._ranks), np.uint32))
        self._chunks.append(path)
        self._words, self._ranks = array("I"), array("I")


def make_steps(places: Numbers, ranks: Numbers) -> Numbers:
    """Replace each rank by its distance from the one before it; a word's first stays as it is."""
    steps = ranks.copy()
    same = places[1:] == places[:-1]
    steps[1:][same] -= ranks[:-1][same]
    return steps


def encode_numbers(numbers: Numbers) -> tuple[Bytes, NDArray[np.int64]]:
    """Write each number in groups of seven bits, lowest first, a set high bit meaning more; say where each ends."""
    lengths = np.ones(len(numbers), np.int64)
    for bits in (7, 14, 21, 28):
        lengths += numbers >= np.uint32(1 << bits)
    ends = np.cumsum(lengths)
    written = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    starts = ends - lengths
    for group in range(5):
        having = lengths > group
        if not having.any():
            break
        value = (numbers[having] >> np.uint32(7 * group)) & np.uint32(0x7F)
        more = (lengths[having] > group + 1).astype(np.uint32) << np.uint32(7)
        written[starts[having] + group] = value | more
    return written, ends
