"""Measure the static search at half a million tools: what a query moves, whether it misses any, what a build costs.

    python benchmarks/search.py [--tools 500000] [--queries 1000] [--catalog catalog.db] [--ratios FILE]

The index is built from made-up records (search_records.py) and read by the site's own script in Chromium, each query
with an empty cache. What a query should find is told by a scan of all records. It prints Markdown.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.ratios import add_ratios_option, tell_ratios
from benchmarks.search_build import build, keep_records
from benchmarks.search_records import Sample, iter_records, read_sample
from site_builder.environment import STATIC
from site_builder.search.record import SearchRecord
from site_builder.search.standing import CATEGORIES, RISKS, WORDS_COUNTED
from site_builder.search.words import PASSED_OVER, cut_name, cut_text

ROOT = Path(__file__).parents[1]
_BEGINNING = 6  # letters of a half-typed word at most
PAGE = """<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'">
<script src="search_index.js"></script><script src="search_query.js"></script>"""
ASK = """async ([typed, filters]) => {
  const index = await toolriskSearch.open("search/");
  const search = index.search(typed, filters);
  let steps = 0;
  let answer;
  do { answer = await search.more(); steps += 1; } while (!answer.done && !answer.rows.length);
  return [steps, answer.rows.length, answer.rows.map((row) => row.rank), (window.last = search) && index.held.size + 1];
}"""
EXHAUST = """async () => {
  const { last } = window;
  while (last.scan || last.open.length) {
    await last.gather(Infinity);
    last.index.spent = 0;
  }
  let sum = 0;
  for (const rank of last.seen) sum += rank;
  return [last.seen.size, sum];
}"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed and which filters are set; `half` when the last word may be the beginning of one."""

    typed: str
    half: bool
    filters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query took until there were rows, and whether all there is was found in the end."""

    moved: int
    files: int
    steps: int
    rows: int
    complete: bool


class _Counting(SimpleHTTPRequestHandler):
    """Serves files, keeps nothing in caches, and counts bytes of the index."""

    moved = 0

    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_header(self, keyword: str, value: str) -> None:
        if keyword == "Content-Length" and "/search/" in self.path:
            _Counting.moved += int(value)
        super().send_header(keyword, value)


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=int, default=500_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--lists", type=Path, default=ROOT.parent / "shared" / "data" / "tools_list")
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog.db", help="a classified catalog of real words")
    add_ratios_option(parser)
    options = parser.parse_args()
    sample = read_sample(options.catalog, options.lists)
    with tempfile.TemporaryDirectory() as folder:
        print_build(Path(folder), sample, options.tools)
        queries = sample_queries(sample, options.tools, options.queries)
        expected = scan(sample, options.tools, queries)
        with serve(Path(folder)) as address, sync_playwright() as playwright:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(address)
            answers = [ask(page, query, found) for query, found in zip(queries, expected, strict=True)]
            browser.close()
    print_answers(queries, answers)
    ratios = {
        "search: complete": sum(one.complete for one in answers) / len(answers),
        "search: in one step": sum(one.steps == 1 for one in answers) / len(answers),
    }
    tell_ratios(options.ratios, ratios)


def print_build(folder: Path, sample: Sample, tools: int) -> None:
    """Build into `folder` from what a site keeps of its servers, in a process of its own, and print what it took."""
    (folder / "search").mkdir()
    kept = folder / "kept"
    records, cut, size = keep_records(kept, sample, tools)
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        built = executor.submit(build, folder, kept).result()
    (folder / "index.html").write_text(PAGE)
    for name in ("search_index.js", "search_query.js"):
        shutil.copy(STATIC / name, folder)
    kinds = {"i": "contents", "w": "words", "l": "lists of frequent words", "r": "records"}
    print("| files | number | MB | largest, KB |\n| --- | ---: | ---: | ---: |")
    for kind, held in built.sizes.items():
        print(f"| {kinds[kind]} | {len(held):,} | {sum(held) / 1e6:.1f} | {max(held) / 1e3:.1f} |")
    print(f"| all | {sum(map(len, built.sizes.values())):,} | {sum(map(sum, built.sizes.values())) / 1e6:.1f} | |\n")
    print(
        f"{records:,} records. A server's, once: {cut / records * 1e6:.0f} µs of CPU and {size / records:.0f} bytes a "
        f"record. The index of all: {built.seconds:.1f} CPU-seconds, {built.seconds / records * 1e6:.1f} µs a record, "
        f"at most {built.memory} MiB, {built.memory_before} of them before it began.\n",
        flush=True,
    )


def sample_queries(sample: Sample, tools: int, wanted: int) -> list[Query]:
    """Draw queries: words of one record, or frequent words of two; a third half-typed, a third with filters."""
    chance = random.Random(5)  # noqa: S311 - a benchmark's fixed dice
    every = max(1, tools // wanted)
    drawn = [one for at, one in enumerate(iter_records(sample, tools)) if at % every == 0][:wanted]
    queries = []
    for one in drawn:
        words = cut_text(f"{one.name} {one.text}")
        if chance.random() < 0.3:
            words = [*cut_text(chance.choice(sample.tools).name), *cut_text(chance.choice(drawn).name)]
        chosen = chance.sample(words, min(len(words), chance.choice((1, 2, 2, 3))))
        beginning = chosen[-1][: chance.randint(2, _BEGINNING)]
        half = chance.random() < 0.35 and beginning not in PASSED_OVER
        if half:
            chosen[-1] = beginning
        filters: dict[str, str] = {}
        if chance.random() < 0.35:
            kinds = {
                "risk": str(one.risk).lower() if one.risk else "unknown",
                "category": str(one.category).lower() if one.category else "unknown",
                "kind": "tool" if one.tool else "server",
                "server": one.server,
                **({"facet": chance.choice(one.facets)} if one.facets else {}),
            }
            names = chance.sample(sorted(kinds), chance.choice((1, 1, 2)))
            filters = {name: kinds[name] for name in names}
        queries.append(Query(" ".join(chosen) + ("" if half else " "), half, filters))
    return queries


def scan(sample: Sample, tools: int, queries: Sequence[Query]) -> list[tuple[int, int]]:
    """Say what each query should find, as a count and the sum of the ranks, by looking at every record."""
    by_word: dict[str, list[int]] = defaultdict(list)
    by_beginning: dict[str, list[int]] = defaultdict(list)
    wanted = [cut_text(query.typed) for query in queries]
    for at, (query, words) in enumerate(zip(queries, wanted, strict=True)):
        (by_beginning if query.half and len(words) == 1 else by_word)[words[0]].append(at)
    found = [[0, 0] for _ in queries]
    # The order in which results are shown, told without the index.
    ordered = sorted(iter_records(sample, tools), key=lambda one: (*_stand(one), one.name, one.server, one.tool or ""))
    for rank, record in enumerate(ordered):
        having = cut_name(record.name)[0] | set(cut_text(record.text))
        candidates = {at for word in having for at in by_word.get(word, ())}
        for word in having:
            for end in range(1, _BEGINNING + 1):
                candidates.update(by_beginning.get(word[:end], ()))
        for at in candidates:
            if _matches(record, having, wanted[at], queries[at]):
                found[at][0] += 1
                found[at][1] += rank
    return [(size, total) for size, total in found]


def _stand(record: SearchRecord) -> tuple[int, int, int, bool]:
    words = min(cut_name(record.name)[1], WORDS_COUNTED)
    return RISKS.index(record.risk), CATEGORIES.index(record.category), words, record.tool is not None


def _matches(record: SearchRecord, words: set[str], wanted: list[str], query: Query) -> bool:
    last = wanted[-1]
    if not all(word in words for word in wanted[:-1]):
        return False
    if not (any(word.startswith(last) for word in words) if query.half else last in words):
        return False
    having: dict[str, set[str]] = {
        "risk": {str(record.risk).lower() if record.risk else "unknown"},
        "category": {str(record.category).lower() if record.category else "unknown"},
        "kind": {"tool" if record.tool else "server"},
        "server": {record.server},
        "facet": set(record.facets),
    }
    return all(value in having[name] for name, value in query.filters.items())


def ask(page: Page, query: Query, expected: tuple[int, int]) -> Answer:
    """Ask in the browser until there are rows, then until there is nothing more."""
    _Counting.moved = 0
    steps, rows, _, files = page.evaluate(ASK, [query.typed, query.filters])
    moved = _Counting.moved
    found: Any = page.evaluate(EXHAUST)
    return Answer(moved, files, steps, rows, tuple(found) == expected)


def print_answers(queries: Sequence[Query], answers: Sequence[Answer]) -> None:
    """Print what the queries took, by kind."""
    kinds: dict[str, list[Answer]] = defaultdict(list)
    for query, answer in zip(queries, answers, strict=True):
        kinds[f"{len(query.typed.split())} words"].append(answer)
        kinds["half-typed" if query.half else "whole"].append(answer)
        kinds["filtered" if query.filters else "not filtered"].append(answer)
        kinds["all"].append(answer)
    print("| queries | number | KB: median | p95 | most | files: most | rows: median | in one step | complete |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind, held in sorted(kinds.items()):
        moved = sorted(one.moved / one.steps / 1e3 for one in held)
        share = [sum(one.steps == 1 for one in held) / len(held), sum(one.complete for one in held) / len(held)]
        print(
            f"| {kind} | {len(held):,} | {statistics.median(moved):.0f} | {moved[int(len(moved) * 0.95)]:.0f} "
            f"| {moved[-1]:.0f} | {max(one.files for one in held)} | {statistics.median(one.rows for one in held):.0f} "
            f"| {share[0]:.1%} | {share[1]:.1%} |"
        )
    for query, answer in zip(queries, answers, strict=True):
        if not answer.complete:
            print(f"\nIncomplete: {asdict(query)}")


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Counting, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


if __name__ == "__main__":
    main()
