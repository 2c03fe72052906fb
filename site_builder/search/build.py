"""Build the search index: packed servers in, a stream of files out, memory bounded by the number of words.

The format is described in docs/decisions/0013-static-search.md; `static/search_query.js` reads it.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import orjson

from site_builder.search.contents import Contents, File, Limits
from site_builder.search.files import name_records
from site_builder.search.packed import decode
from site_builder.search.pairs import add_pairs
from site_builder.search.postings import Numbers, Spill
from site_builder.search.ranking import Ranking
from site_builder.search.word_files import pack_word_files
from site_builder.search.words import browser_order


def pack_index(
    records: Iterable[bytes], *, scratch: Path | None = None, limits: Limits | None = None
) -> Iterator[File]:
    """Make the index of packed servers: each file with its path on the site, the one that is read first at the end.

    Servers may come in any order. About 200 bytes a record are written below `scratch`, or where temporary files
    belong, and removed when the files were taken; SQLite sorts in files of its own, where temporary files belong.
    Raises OSError when files cannot be written, sqlite3.OperationalError when those of SQLite cannot.
    """
    contents = Contents(limits or Limits())
    with tempfile.TemporaryDirectory(dir=scratch) as folder, Ranking(Path(folder, "records")) as ranking:
        names, texts = (Spill(Path(folder, kind), contents.limits.at_once) for kind in ("names", "texts"))
        words = _spill(records, ranking, names, texts)
        contents.note_runs(len(ranking), ranking.iter_runs())
        ranks = np.empty(len(ranking), np.uint32)
        yield from _pack_records(ranking, ranks, contents)
        add_pairs(words, names, contents.limits.pairs_from)
        alphabet, places = _sort(words)
        del words
        counts = names.arrange(places, ranks), texts.arrange(places, ranks)
        del places, ranks
        yield from pack_word_files(alphabet, (names, texts), counts, contents)
    yield contents.pack_itself()


def _spill(records: Iterable[bytes], ranking: Ranking, names: Spill, texts: Spill) -> list[str]:
    """Note what is shown of each record, and which words it has; give the words in the order of their numbers."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    for server in map(decode, records):
        ranking.add(server)
        words = [numbers[word] for word in server.words.split(" ")]
        names.add([words[place] for place in server.in_names], server.name_sizes)
        texts.add([words[place] for place in server.in_texts], server.text_sizes)
    return list(numbers)


def _sort(words: list[str]) -> tuple[list[str], Numbers]:
    """Put the words in the order in which a browser finds them; and tell the place of each."""
    keys = [browser_order(word) for word in words]
    order = sorted(range(len(words)), key=keys.__getitem__)
    places = np.empty(len(words), np.uint32)
    places[order] = np.arange(len(words), dtype=np.uint32)
    return [words[number] for number in order], places


def _pack_records(ranking: Ranking, ranks: Numbers, contents: Contents) -> Iterator[File]:
    """Pack the records by rank, as columns, which pack better; and fill in the rank of each number."""
    together = contents.limits.records_a_file
    for file, rows in enumerate(ranking.iter_ranked(together)):
        numbers, *columns = zip(*rows, strict=True)
        ranks[list(numbers)] = np.arange(file * together, file * together + len(rows), dtype=np.uint32)
        yield contents.pack(name_records(file), orjson.dumps(columns))
