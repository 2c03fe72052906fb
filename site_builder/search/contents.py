"""What the first file of the index says of the others, gathered while they are made; and where their sizes are cut.

Not for making the others: build.py and word_files.py do that.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from hashlib import blake2b

import orjson

from site_builder import urls
from site_builder.search.files import INDEX, pack_file
from site_builder.search.standing import CATEGORIES, RISKS, Standing
from site_builder.search.words import PASSED_OVER, WORD_LIMIT

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Limits:
    """Where files are cut: at 500,000 tools these make fewer than 3,000 files. Small ones let a small catalog show all.

    Words with `frequent_from` ranks have files of their own; sizes are bytes aimed at before packing. Words that
    `pairs_from` names have are also indexed by pairs. `at_once` pairs of a word and a record are held in memory; a word
    that has more is held whole.
    """

    records_a_file: int = 350
    frequent_from: int = 4_000
    words_file: int = 11_500
    list_file: int = 12_000
    pairs_from: int = 2_000
    at_once: int = 500_000


@dataclass(frozen=True, slots=True)
class FrequentWord:
    """Where a frequent word's lists are: parts in files from `first`, or all in that; and where each part begins."""

    word: str
    in_names: int
    in_texts: int
    first: int
    together: bool
    name_starts: tuple[int, ...]
    text_starts: tuple[int, ...]


@dataclass(slots=True)
class Contents:
    """The runs of records that stand alike, the first word of each file, the frequent words, and a digest of all."""

    limits: Limits
    records: int = 0
    runs: list[tuple[int, ...]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    frequent: list[FrequentWord] = field(default_factory=list)
    list_files: int = 0
    largest: int = 0
    _digest: blake2b = field(default_factory=lambda: blake2b(digest_size=8))

    def pack(self, name: str, content: bytes) -> File:
        """Pack one of the other files."""
        packed = pack_file(name, content)
        self.largest = max(self.largest, len(packed[1]))
        self._digest.update(packed[1])
        return packed

    def note_runs(self, records: int, runs: Iterable[tuple[int, Standing]]) -> None:
        """Note how many records there are, and from which rank on they stand alike."""
        self.records = records
        self.runs.extend((start, *astuple(standing)) for start, standing in runs)

    def pack_itself(self) -> File:
        """Pack the file that is read first. `largest` lets a reader know what another file may cost."""
        content = {
            "version": self._digest.hexdigest(),
            "records": self.records,
            "records_a_file": self.limits.records_a_file,
            "pairs_from": self.limits.pairs_from,
            "largest": self.largest,
            "runs": self.runs,
            "words": self.words,
            "frequent": [astuple(word) for word in self.frequent],
            "risks": [str(risk).lower() if risk else "unknown" for risk in RISKS],
            "categories": [str(category).lower() if category else "unknown" for category in CATEGORIES],
            "passed_over": sorted(PASSED_OVER),
            "word_limit": WORD_LIMIT,
            "server_page": urls.server_page("{server}"),
            "tool_page": urls.tool_page("{server}", "{tool}"),
        }
        return pack_file(INDEX, orjson.dumps(content))
