"""Run every benchmark small, on inputs that every checkout has alike, and compare its ratios with the committed ones.

    python benchmarks/run_all.py [--truth FOLDER] [--hugo hugo] [--eleventy FOLDER] [--network]
        [--only NAME ...] [--write docs/benchmarks.md] [--commit] [--list]

Ends with 1 when a ratio fell by more than a fifth, or a benchmark failed. What needs something that is not here is left
out, and said to be. Not for the figures of full size: each benchmark's own command makes those.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.documents import replace_between
from benchmarks.machine import describe_machine
from benchmarks.pinned import ROOT, make_catalog, make_corpus
from benchmarks.ratios import ALLOWED_FALL, Ratio, read_committed, read_told, write_committed

BEGIN, END = "<!-- machine and ratios -->", "<!-- end of machine and ratios -->"
LONGEST = 600  # seconds for one benchmark; a machine that does nothing else needs far less


@dataclass(frozen=True, slots=True)
class Told:
    """A ratio that a benchmark tells: how it is called, of what it is, and what must be here for it."""

    name: str
    unit: str
    higher_is_better: bool = True
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A script, its arguments at small size, and what it tells.

    Words in braces stand for what is here: `needs` must all be; `optional` arguments are given when theirs is.
    `writes`: its table in the document is of this size.
    """

    script: str
    arguments: str
    tells: Sequence[Told]
    needs: Sequence[str] = ()
    optional: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False


BENCHMARKS = (
    Benchmark(
        "archives.py",
        "--rounds 3",
        [
            Told(f"archives: {kind}", "times as fast as tarfile")
            for kind in ("ustar.tgz", "pax.tar.gz", "git.tar.gz", "gnu.tar")
        ],
    ),
    Benchmark(
        "classification.py",
        "{truth} --streamed 50000",
        [
            Told("classification: right", "share of labelled tools"),
            Told("classification: macro-F1", "share"),
            Told("classification: speed", "of one TfidfVectorizer's"),
        ],
        needs=("truth",),
        writes=True,
    ),
    Benchmark(
        "crawl_scale.py",
        "--servers 300 --tools 3000",
        [
            Told("crawl_scale: requests an hour later", "of the first crawl's", higher_is_better=False),
            Told("crawl_scale: CPU an hour later", "of the first crawl's", higher_is_better=False),
        ],
        needs=("npm",),
    ),
    Benchmark(
        "extraction.py",
        "{truth}",
        [Told("extraction: names", "share of those listed"), Told("extraction: right", "share of those found")],
        needs=("truth", "network"),
    ),
    Benchmark("extraction_speed.py", "{corpus}", [Told("extraction_speed: parsing", "of extraction's CPU")]),
    Benchmark("http_client.py", "--rounds 3", [Told("http_client: crawler/web", "times as fast as httpx")]),
    Benchmark(
        "policies.py",
        "{truth}",
        [Told("policies: formats", "times as fast as json.dumps")],
        needs=("truth",),
        writes=True,
    ),
    Benchmark(
        "search.py",
        "--catalog {catalog} --lists {lists} --tools 10000 --queries 200",
        [
            Told("search: complete", "share of queries that find all there is"),
            Told("search: in one step", "share of queries with rows at once"),
        ],
        needs=("chromium",),
    ),
    Benchmark(
        "search_fts5.py",
        "{catalog} --lists {lists} --tools 10000",
        [
            Told("search_fts5: building", "times as fast as FTS5"),
            Told("search_fts5: size", "times as small as FTS5"),
        ],
    ),
    Benchmark(
        "site.py",
        "--catalog {catalog} --tools 4000 --whole 0 --rounds 2",
        [
            Told("site: Jinja2", "times as fast as Jinja2"),
            Told("site: Hugo", "times as fast as Hugo", needs="hugo"),
            Told("site: Eleventy", "times as fast as Eleventy", needs="eleventy"),
            Told("site: nothing changed", "of a full build's CPU", higher_is_better=False),
            Told("site: 1% of the servers changed", "of a full build's CPU", higher_is_better=False),
        ],
        optional={"hugo": "--hugo {hugo}", "eleventy": "--eleventy {eleventy}"},
        writes=True,
    ),
    Benchmark(
        "store.py",
        "--tools 5000",
        [
            Told(f"store: {way}", "times as fast as add_all")
            for way in ("anew", "read again, the same", "not read again")
        ],
    ),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one benchmark: its ratios, or why there are none. `failed` when that is not as it should be."""

    benchmark: Benchmark
    ratios: Sequence[Ratio] = ()
    without: str = ""
    failed: bool = False


def main() -> None:
    """Run all, tell, compare."""
    asked = read_arguments()
    chosen = [one for one in BENCHMARKS if not asked.only or one.script.removesuffix(".py") in asked.only]
    if asked.list:
        for one in chosen:
            print(f"{one.script} {one.arguments}")
        return
    with tempfile.TemporaryDirectory() as temporary:
        here = find_here(asked, Path(temporary))
        outcomes = [run(one, here, Path(temporary), asked.write) for one in chosen]
    table, fine = compare(outcomes, read_committed())
    print(table)
    if asked.write:
        replace_between(asked.write, BEGIN, END, f"{describe_machine()}\n\n{table}")
    if asked.commit:
        write_committed(ratio for one in outcomes for ratio in one.ratios)
    sys.exit(0 if fine else 1)


def read_arguments() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name the benchmarks and their arguments, run none")
    parser.add_argument("--only", nargs="*", help="names of benchmarks; all otherwise")
    parser.add_argument("--truth", default="", help="a folder of tools/list answers")
    parser.add_argument("--hugo", default="", help="the program, when it is not on the PATH")
    parser.add_argument("--eleventy", default="", help="the folder that holds its node_modules")
    parser.add_argument("--network", action="store_true", help="those too that ask package registries")
    parser.add_argument("--write", type=Path, help="the document whose tables are replaced")
    parser.add_argument("--commit", action="store_true", help="make these ratios the ones to compare with")
    return parser.parse_args()


def find_here(asked: argparse.Namespace, temporary: Path) -> dict[str, str]:
    """Find what benchmarks may need, by the word that stands for it."""
    truth = Path(asked.truth) if asked.truth else ROOT.parent / "shared/data/tools_list"
    catalog, lists = make_catalog(temporary)
    found = {
        "truth": str(truth) if truth.is_dir() else "",
        "hugo": asked.hugo or shutil.which("hugo") or "",
        "eleventy": asked.eleventy,
        "npm": shutil.which("npm") or "",
        "chromium": shutil.which("chromium") or shutil.which("google-chrome") or "",
        "network": "asked for" if asked.network else "",
        "catalog": str(catalog),
        "lists": str(lists),
        "corpus": str(make_corpus(temporary)),
    }
    return {name: value for name, value in found.items() if value}


def run(benchmark: Benchmark, here: Mapping[str, str], temporary: Path, document: Path | None) -> Outcome:
    """Run one benchmark, if what it needs is here."""
    missing = [need for need in benchmark.needs if need not in here]
    if missing:
        return Outcome(benchmark, without=f"left out, there is no {' and no '.join(missing)}")
    told = temporary / f"{benchmark.script}.json"
    given = [benchmark.arguments, *(more for need, more in benchmark.optional.items() if need in here)]
    written = ["--write", str(document)] if document and benchmark.writes else []
    # Cut before the words are replaced: a path may hold spaces.
    words = [word.format(**here) for word in " ".join(given).split()]
    command = [sys.executable, str(ROOT / "benchmarks" / benchmark.script), *words, "--ratios", str(told), *written]
    began = time.monotonic()
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=LONGEST)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"{benchmark.script}: {error}", file=sys.stderr, flush=True)
        return Outcome(benchmark, without="failed", failed=True)
    print(f"{benchmark.script}: {time.monotonic() - began:.0f} s\n{done.stdout}", file=sys.stderr, flush=True)
    return read_outcome(benchmark, read_told(told), here)


def read_outcome(benchmark: Benchmark, told: Mapping[str, float], here: Mapping[str, str]) -> Outcome:
    """Read what a benchmark told; it fails when it did not tell what it should."""
    due = [one for one in benchmark.tells if not one.needs or one.needs in here]
    ratios = [Ratio(one.name, told[one.name], one.unit, one.higher_is_better) for one in due if one.name in told]
    silent = [one.name for one in due if one.name not in told]
    return Outcome(benchmark, ratios, f"does not tell {', '.join(silent)}" if silent else "", failed=bool(silent))


def compare(outcomes: Sequence[Outcome], committed: Mapping[str, Ratio]) -> tuple[str, bool]:
    """Lay the ratios out beside the committed ones; and say whether all is as it should be."""
    rows = ["| ratio | now | committed | of what | better | |", "| --- | ---: | ---: | --- | --- | --- |"]
    fine = True
    for outcome in outcomes:
        for ratio in outcome.ratios:
            before = committed.get(ratio.name)
            fell = before is not None and ratio.fell(before)
            fine = fine and not fell
            known = f"{before.value:.3g}" if before else ""
            better = "higher" if ratio.higher_is_better else "lower"
            says = f"**fell by more than {ALLOWED_FALL:.0%}**" if fell else "" if before else "new"
            rows.append(f"| {ratio.name} | {ratio.value:.3g} | {known} | {ratio.unit} | {better} | {says} |")
    without = [f"- `{one.benchmark.script}`: {one.without}." for one in outcomes if one.without]
    fine = fine and not any(one.failed for one in outcomes)
    return "\n".join([*rows, *(["", *without] if without else [])]), fine


if __name__ == "__main__":
    main()
