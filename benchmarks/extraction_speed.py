"""What extraction costs, in CPU-seconds: against ast-grep and semgrep on the same files, and against parsing alone.

The corpus is a folder whose folders are targets (unpacked packages, checkouts); see docs/benchmarks.md for ours.

    python benchmarks/extraction_speed.py CORPUS [--ast-grep PATH] [--semgrep PATH] [--bundle FILE] [--ratios FILE]
"""

import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from tree_sitter import Parser

from benchmarks.ratios import RatiosFile, tell_ratios
from crawler.extractors import codebase, javascript_package, python_syntax
from crawler.recovery.extract import extract_tools
from crawler.snapshots.snapshot import read_directory

# Each pattern is the commonest registration of its language: the least that a search for tools must look for.
_PATTERNS = {
    "python": "@$X.tool($$$)",
    "javascript": "$X.registerTool($$$)",
    "typescript": "$X.registerTool($$$)",
    "go": "mcp.NewTool($$$)",
}
_SEMGREP = {"python": "@$X.tool(...)\ndef $F(...): ...", "javascript": "$X.registerTool(...)", "go": "mcp.NewTool(...)"}


_REAL = Parser

_OURS = """
import sys
from pathlib import Path
from crawler.recovery.extract import extract_tools
from crawler.snapshots.snapshot import read_directory
for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
    extract_tools(read_directory(folder).files)
"""


class TimedParser:
    """A parser that knows what it cost; takes the place of the extractors' own."""

    seconds = 0.0
    files = 0

    def __init__(self, *arguments: Any) -> None:
        self._parser = Parser(*arguments)

    def parse(self, data: Any, *arguments: Any, **named: Any) -> Any:
        """Parse, and count."""
        began = time.process_time()
        try:
            return self._parser.parse(data, *arguments, **named)
        finally:
            TimedParser.seconds += time.process_time() - began
            TimedParser.files += 1


def main(
    corpus: Annotated[Path, typer.Argument(help="A folder of unpacked packages or checkouts.")],
    ast_grep: Annotated[str | None, typer.Option(help="The ast-grep program, to compare with.")] = None,
    semgrep: Annotated[str | None, typer.Option(help="The semgrep program, to compare with.")] = None,
    bundle: Annotated[Path | None, typer.Option(help="A minified file, to be measured alone.")] = None,
    ratios: RatiosFile = None,
) -> None:
    """Measure and print a table."""
    megabytes = sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file()) / 1e6
    print(f"{len(list(corpus.iterdir()))} targets, {megabytes:.1f} MB\n")
    print("| what | CPU-s | ratio | peak MB |\n| --- | ---: | ---: | ---: |")
    ours, peak = _cost_of(_extract_all, corpus)
    print(f"| toolrisk: every tool with description and schema | {ours:.2f} | 1.0 | {peak:.0f} |")
    if ast_grep:
        cost, peak = _cost_of(_run_ast_grep, ast_grep, corpus)
        print(f"| ast-grep: one pattern a language | {cost:.2f} | {cost / ours:.1f} | {peak:.0f} |")
    if semgrep:
        cost, peak = _cost_of(_run_semgrep, semgrep, corpus)
        print(f"| semgrep: one pattern a language | {cost:.2f} | {cost / ours:.1f} | {peak:.0f} |")
    share = _print_parse_share(corpus)
    if bundle is not None:
        size = bundle.stat().st_size / 1e6
        cost, peak = _cost_of(_extract_bundle, bundle)
        print(f"\n{bundle.name}, {size:.1f} MB: {cost:.2f} CPU-s with start-up, peak {peak:.0f} MB")
    tell_ratios(ratios, {"extraction_speed: parsing": share})


def _print_parse_share(corpus: Path) -> float:
    for module in (codebase, javascript_package):
        vars(module)["Parser"] = TimedParser
    vars(python_syntax)["_PARSER"] = TimedParser(python_syntax.LANGUAGE)
    whole = 0.0
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir()):
        files = read_directory(folder).files
        before, began = TimedParser.files, time.process_time()
        extract_tools(files)
        # A target where nothing had to be parsed says nothing of parsing.
        whole += time.process_time() - began if TimedParser.files > before else 0
    share = TimedParser.seconds / whole if whole else 0
    print(
        f"\n{TimedParser.files} files parsed in {TimedParser.seconds:.2f} CPU-s, {share:.2f} of what their targets cost"
    )
    return share


def _extract_all(corpus: Path) -> None:
    """Extract every target in a program of its own, so that what it costs to start counts and this program does not."""
    _quietly([sys.executable, "-c", _OURS, str(corpus)])


def _extract_bundle(bundle: Path) -> None:
    extract_tools({"package.json": b'{"name": "x", "bin": "index.js"}', "index.js": bundle.read_bytes()})


def _run_ast_grep(program: str, corpus: Path) -> None:
    rules = [f"id: {name}\nlanguage: {name}\nrule:\n  pattern: '{pattern}'\n" for name, pattern in _PATTERNS.items()]
    _quietly(
        [
            program,
            "scan",
            "--no-ignore=hidden",
            "--no-ignore=vcs",
            "--threads=1",
            "--json",
            "--inline-rules",
            "---\n".join(rules),
            str(corpus),
        ]
    )


def _run_semgrep(program: str, corpus: Path) -> None:
    rules = "".join(
        f"  - id: {name}\n    languages: [{name}]\n    severity: INFO\n    message: tool\n    pattern: |\n"
        + "".join(f"      {line}\n" for line in pattern.splitlines())
        for name, pattern in _SEMGREP.items()
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.yml"
        file.write_text(f"rules:\n{rules}", encoding="utf-8")
        _quietly(
            [
                program,
                "scan",
                "--metrics=off",
                "--disable-version-check",
                "--jobs=1",
                "--no-git-ignore",
                "--json",
                f"--config={file}",
                str(corpus),
            ]
        )


def _quietly(command: list[str]) -> None:
    environment = {**os.environ, "PATH": f"{Path(command[0]).parent}:{os.environ.get('PATH', '')}"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode not in (0, 1):
        raise typer.BadParameter(f"{command[0]} failed: {done.stderr[-500:]}")


def _cost_of(work: Callable[..., None], *arguments: Any) -> tuple[float, float]:
    """Run in a process of its own; its CPU-seconds, children's included, and the largest process's memory in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., None], arguments: tuple[Any, ...]) -> tuple[float, float]:
    work(*arguments)
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    if children.ru_utime > 1:  # another program did the work; this process only waited
        return children.ru_utime + children.ru_stime, children.ru_maxrss / 1000
    return own.ru_utime + own.ru_stime, own.ru_maxrss / 1000


if __name__ == "__main__":
    typer.run(main)
