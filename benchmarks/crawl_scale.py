"""Crawl a whole made-up ecosystem from stand-ins on this machine, and an hour later: time, requests, memory, size.

    python benchmarks/crawl_scale.py [--servers 50000] [--tools 500000] [--folder FOLDER] [--ratios FILE]
        [--write docs/benchmarks.md]

The stand-ins (tests/standins) speak real HTTP on loopback to the real npm, pip and crawler; they take CPU too, which
is counted apart. Memory is the largest resident size seen, sampled every half second. Ends by itself.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.documents import replace_between
from benchmarks.ratios import add_ratios_option, tell_ratios
from benchmarks.site_peers.measured import adopt_orphans, await_group
from tests.standins.serve import StandIns, serve_world
from tests.standins.world import WorldSettings

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- crawl table -->"
LONGEST = 3 * 3600


@dataclass
class Memory:
    """The largest resident sizes seen, in MB: of the crawl itself, and of any of its workers."""

    parent: float = 0.0
    worker: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Run:
    """One run of the crawl. Seconds of the wall, of CPU, and of the stand-ins' CPU; `requests` by service."""

    name: str
    seconds: float
    cpu: float
    standins_cpu: float
    requests: int
    memory: Memory
    said: str


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=50_000)
    parser.add_argument("--tools", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, help="where catalog and cache are put; a temporary folder otherwise")
    parser.add_argument("--write", type=Path, help="a document whose crawl table is replaced")
    add_ratios_option(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with serve_world(WorldSettings(asked.servers, asked.tools, seed=3), seconds=LONGEST) as standins:
            runs, sizes = measure(standins, folder)
    table = make_table(runs, sizes, asked.servers, asked.tools)
    print(table)
    if asked.write:
        replace_between(asked.write, MARK, MARK, table)
    first, _, later, _ = runs
    ratios = {
        "crawl_scale: requests an hour later": later.requests / first.requests,
        "crawl_scale: CPU an hour later": later.cpu / first.cpu,
    }
    tell_ratios(asked.ratios, ratios)


def measure(standins: StandIns, folder: Path) -> tuple[list[Run], dict[str, float]]:
    """Crawl, crawl again with nothing changed, crawl an hour later; give the runs and bytes a tool."""
    sources = ["--source", f"registry:{standins.address}", "--source", f"github:{standins.address}/github#mcp-server"]
    crawl = ["crawl", *sources, "--fail-on", "any"]
    runs = [run("first crawl", crawl, standins, folder), run("nothing changed", crawl, standins, folder)]
    standins.evolve(0.01, 5)
    runs.append(run("an hour later, 1% changed", crawl, standins, folder))
    catalog = folder / "catalog.db"
    tools = json.loads(toolrisk(["status", "--json"], standins, folder).stdout)["tools"]
    sizes = {"after the crawl": catalog.stat().st_size / tools}
    runs.append(run("classify", ["classify"], standins, folder))
    sizes["with verdicts"] = catalog.stat().st_size / tools
    return runs, sizes


def run(name: str, arguments: list[str], standins: StandIns, folder: Path) -> Run:
    """Run one command and watch it."""
    before, began = sum(standins.counts().values()), time.monotonic()
    cpu, served = children_cpu(), cpu_of(standins.process)
    memory = Memory()
    done = toolrisk(arguments, standins, folder, memory)
    seconds = time.monotonic() - began
    used, serving = children_cpu() - cpu, cpu_of(standins.process) - served
    requests = sum(standins.counts().values()) - before
    said = " ".join(done.stderr.split("\n"))
    print(f"{name}: {seconds:.0f} s, exit {done.returncode}: {said[:600]}", file=sys.stderr, flush=True)
    return Run(name, seconds, used, serving, requests, memory, said)


def toolrisk(
    arguments: list[str], standins: StandIns, folder: Path, memory: Memory | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line as an operator with a mirror of their own does."""
    environment = {
        **os.environ,
        **standins.environment(),
        "npm_config_cache": str(folder / "npm"),
        "TOOLRISK_CATALOG": str(folder / "catalog.db"),
        "TOOLRISK_CACHE": str(folder / "cache"),
        "TOOLRISK_ALLOW_PRIVATE": "1",
        "TOOLRISK_RATE": "100000",
        "TOOLRISK_PER_HOST": "16",
        "GITHUB_TOKEN": "token",
    }
    command = [sys.executable, "-m", "toolrisk", *arguments]
    adopt_orphans()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        with watched(process.pid, memory):
            out, err = process.communicate(timeout=LONGEST)
            await_group(process.pid)
        return subprocess.CompletedProcess(command, process.returncode, out, err)


@contextmanager
def watched(parent: int, memory: Memory | None) -> Iterator[None]:
    """Sample the memory of a process and of the Python processes under it until the caller is done."""
    if memory is None:
        yield
        return

    def sample() -> None:
        while not memory.stop.wait(0.5):
            for pid in [parent, *descendants(parent)]:
                size, name = resident(pid)
                if pid == parent:
                    memory.parent = max(memory.parent, size)
                elif name.startswith("python"):
                    memory.worker = max(memory.worker, size)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield
    finally:
        memory.stop.set()
        thread.join()


def descendants(pid: int) -> list[int]:
    """Give the processes below one."""
    found: list[int] = []
    for path in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            below = [int(text) for text in path.read_text().split()]
        except OSError:
            continue
        found += below + [one for child in below for one in descendants(child)]
    return found


def resident(pid: int) -> tuple[float, str]:
    """Give a process's resident size in MB, and its name."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0, ""
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(fields.get("VmRSS", "0 kB").split()[0]) / 1024, fields.get("Name", "").strip()


def cpu_of(pid: int) -> float:
    """Give the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children_cpu() -> float:
    """Give the CPU seconds of the processes that ended below this one."""
    times = os.times()
    return times.children_user + times.children_system


def make_table(runs: list[Run], sizes: dict[str, float], servers: int, tools: int) -> str:
    """Lay out what was measured."""
    first = runs[0].requests
    lines = [
        f"{servers:,} servers, {tools:,} tools:",
        "",
        "| run | wall | CPU-s | stand-ins' CPU-s | requests | of the first | parent MB | largest worker MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in runs:
        share = f"{one.requests / first:.2%}" if first else "-"
        figures = f"{one.cpu:,.0f} | {one.standins_cpu:,.0f} | {one.requests:,} | {share}"
        lines.append(
            f"| {one.name} | {one.seconds:,.1f} s | {figures} | {one.memory.parent:,.0f} | {one.memory.worker:,.0f} |"
        )
    size = "; ".join(f"{name} {size:,.0f} bytes a tool" for name, size in sizes.items())
    return "\n".join([*lines, "", f"Catalog: {size}."])


if __name__ == "__main__":
    main()
