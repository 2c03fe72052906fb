"""Pairs of words that many names have, as further words: two frequent words may never meet in a name.

Not for words beside names: those are looked up one by one.
"""

from collections import defaultdict
from itertools import count

import numpy as np
from numpy.typing import NDArray

from site_builder.search.postings import Numbers, Spill
from site_builder.search.words import browser_order


def add_pairs(words: list[str], names: Spill, pairs_from: int) -> None:
    """Note which names have two of the words that `pairs_from` names have, and append the pairs to `words`."""
    often = np.flatnonzero(names.count(len(words)) >= pairs_from).tolist()
    often.sort(key=lambda number: browser_order(words[number]))
    turns = np.full(len(words), -1, np.int64)
    turns[often] = np.arange(len(often))
    pairs: defaultdict[int, int] = defaultdict(count(len(words)).__next__)
    for found, records in names.iter_pairs():
        keys, having = _combine(turns[found], records, len(often))
        distinct, where = np.unique(keys, return_inverse=True)
        numbers = np.array([pairs[key] for key in distinct.tolist()], np.uint32)
        names.add_pairs(numbers[where], having)
    words.extend(f"{words[often[key // len(often)]]} {words[often[key % len(often)]]}" for key in pairs)


def _combine(turns: NDArray[np.int64], records: Numbers, size: int) -> tuple[NDArray[np.int64], Numbers]:
    """Give two words' turns as one number, and the record, for each two words with a turn that a record has."""
    kept = turns >= 0
    turns, records = turns[kept], records[kept]
    order = np.lexsort((turns, records))
    turns, records = turns[order], records[order]
    keys, having = [np.empty(0, np.int64)], [np.empty(0, np.uint32)]
    for apart in count(1):
        both = records[apart:] == records[:-apart]
        if not both.any():
            break
        keys.append(turns[:-apart][both] * size + turns[apart:][both])
        having.append(records[apart:][both])
    return np.concatenate(keys), np.concatenate(having)
