"""The building part of the search benchmark: what is kept of each server, and the index made of it, both measured.

Not for asking the index: search.py does that. Linux only, for the memory.
"""

import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from benchmarks.search_records import Sample, iter_records
from site_builder.search.build import pack_index
from site_builder.search.record import pack


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made, in bytes a file by the first letter of its name, and what it took: CPU-seconds and MiB."""

    sizes: Mapping[str, list[int]]
    seconds: float
    memory_before: int
    memory: int


def keep_records(path: Path, sample: Sample, tools: int) -> tuple[int, float, int]:
    """Write what is kept of each server into a database; give the records, the CPU-seconds of cutting, the bytes."""
    records, seconds, size = 0, 0.0, 0
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table server (slug text primary key, search blob)")
        for slug, found in groupby(iter_records(sample, tools), key=attrgetter("server")):
            held = tuple(found)
            start = time.process_time()
            packed = pack(slug, held)
            seconds += time.process_time() - start
            records += len(held)
            size += len(packed)
            database.execute("insert into server values (?, ?)", (slug, packed))
    return records, seconds, size


def build(folder: Path, kept: Path) -> Built:
    """Build the index of what was kept, and measure this process."""
    memory_before = _memory()
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    start = time.process_time()
    with closing(sqlite3.connect(kept)) as database:
        found = database.execute("select search from server order by slug")
        for path, content in pack_index((row[0] for row in found), scratch=folder):
            (folder / path).write_bytes(content)
            sizes[Path(path).name[0]].append(len(content))
    return Built(sizes, time.process_time() - start, memory_before, _memory())


def _memory() -> int:
    # Not getrusage: a process that was forked off begins with its parent's peak.
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0
