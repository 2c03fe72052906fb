"""What the search index costs to build, in CPU-seconds, beside SQLite's FTS5 over the same records; and their sizes.

    python benchmarks/search_fts5.py CATALOG [--lists FOLDER] [--tools 20000] [--ratios FILE]

FTS5 indexes the words of names and texts, with the beginnings of words that a half-typed query needs, and is optimised
as a file that is only read. Not for asking either of them: search.py asks ours.
"""

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.ratios import add_ratios_option, tell_ratios
from benchmarks.search_build import build, keep_records
from benchmarks.search_records import iter_records, read_sample
from site_builder.search.record import SearchRecord

ROUNDS = 3


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", type=Path, help="a classified catalog, whose words are used")
    parser.add_argument(
        "--lists", type=Path, default=Path("lists"), help="tools/list answers, whose words are used too"
    )
    parser.add_argument("--tools", type=int, default=20_000)
    add_ratios_option(parser)
    asked = parser.parse_args()
    sample = read_sample(asked.catalog, asked.lists)
    records = list(iter_records(sample, asked.tools))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (folder / "search").mkdir()
            _, cutting, _ = keep_records(folder / "kept", sample, asked.tools)
            built = build(folder, folder / "kept")
            ours.append(cutting + built.seconds)
            theirs.append(build_fts5(folder / "fts5.db", records))
            sizes = sum(map(sum, built.sizes.values())), (folder / "fts5.db").stat().st_size
    seconds = statistics.median(ours), statistics.median(theirs)
    print(f"{len(records):,} records:\n\n| index | CPU-s | records/CPU-s | MB |\n| --- | ---: | ---: | ---: |")
    for name, spent, size in zip(("ours, static files", "SQLite FTS5"), seconds, sizes, strict=True):
        print(f"| {name} | {spent:.2f} | {len(records) / spent:,.0f} | {size / 1e6:.1f} |")
    tell_ratios(
        asked.ratios, {"search_fts5: building": seconds[1] / seconds[0], "search_fts5: size": sizes[1] / sizes[0]}
    )


def build_fts5(path: Path, records: Sequence[SearchRecord]) -> float:
    """Build FTS5's index of the records; give the CPU-seconds."""
    start = time.process_time()
    with closing(sqlite3.connect(path)) as database:
        database.execute("create virtual table record using fts5(name, text, server unindexed, prefix='2 3 4')")
        rows = ((one.name, one.text, one.server) for one in records)
        with database:
            database.executemany("insert into record values (?, ?, ?)", rows)
            database.execute("insert into record(record) values ('optimize')")
    return time.process_time() - start


if __name__ == "__main__":
    main()
