"""How much of what servers really list is recovered from their source, per server and in all.

The truth is a folder of `tools/list` answers with their provenance; see docs/benchmarks.md for what is counted.

    python benchmarks/extraction.py TRUTH [--class static] [--language Python] [--ratios FILE]
        [--write docs/benchmarks.md]
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.documents import replace_between
from benchmarks.ratios import RatiosFile, tell_ratios
from catalog.records import ToolDefinition
from catalog.vocabulary import HINTS
from crawler.errors import CrawlError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.fetching import FetchSetting, fetch_dependencies, fetch_targets
from crawler.fetched import Fetched
from crawler.recovery.recover import Recovered, recover
from crawler.target import Target, parse_target
from toolrisk.executors import make_executor
from toolrisk.settings import read_settings

# The running server lists fewer tools than its source holds: names beyond the list are not errors.
_SUPERSET = re.compile(r"superset|by default|default service|default list|left out|WORKFLOWS|without a workspace")
_CLASSES = "static,bundle,composed,data,dep,dynamic,binary"
_NOTHING_TO_FIND = ("dynamic", "binary")  # right is to say why there is no tool
_COLUMNS = ("server", "class", "true", "found", "names", "right", "descr.", "params", "hints", "outcome")


@dataclass
class Score:
    """Counts for one server, or summed over several; each pair is (right, of)."""

    true: int = 0
    found: int = 0
    names: list[int] = field(default_factory=lambda: [0, 0])
    precision: list[int] = field(default_factory=lambda: [0, 0])
    descriptions: list[int] = field(default_factory=lambda: [0, 0])
    parameters: list[int] = field(default_factory=lambda: [0, 0])
    hints: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, other: "Score") -> None:
        """Sum up."""
        self.true += other.true
        self.found += other.found
        for name in ("names", "precision", "descriptions", "parameters", "hints"):
            mine, theirs = getattr(self, name), getattr(other, name)
            mine[0] += theirs[0]
            mine[1] += theirs[1]

    def shares(self) -> list[float | None]:
        """Give the five shares; None where nothing was to be found."""
        pairs = (self.names, self.precision, self.descriptions, self.parameters, self.hints)
        return [right / of if of else None for right, of in pairs]


def main(
    truth: Annotated[Path, typer.Argument(help="A folder of tools/list answers with provenance.")],
    chosen: Annotated[str, typer.Option("--class", help="Only servers of these classes, by comma.")] = _CLASSES,
    language: Annotated[str, typer.Option(help="Only these languages, by comma; all when empty.")] = "",
    repositories: Annotated[Path | None, typer.Option(help="Git mirrors, as OWNER+NAME or OWNER+NAME/repo.")] = None,
    *,
    misses: Annotated[bool, typer.Option(help="Name what was missed and what is wrong.")] = False,
    write: Annotated[Path | None, typer.Option(help="Replace the table in this Markdown file.")] = None,
    ratios: RatiosFile = None,
) -> None:
    """Measure extraction and print a table."""
    documents = [json.loads(path.read_text()) for path in sorted(truth.glob("*.json"))]
    wanted = {
        target: document
        for document in documents
        if document["static_class"] in chosen.split(",")
        and (not language or _language(document) in language.split(","))
        if (target := _target(document, repositories)) is not None
    }
    rows, macro = [], []
    by_class: dict[str, Score] = {}
    by_language: dict[str, Score] = {}
    with make_executor() as pool:
        recovered = _recover_all(list(wanted), pool)
        for target, document in wanted.items():
            definitions, outcome = recovered[target]
            score = score_server(document, definitions, sys.stdout if misses else None)
            by_class.setdefault(document["static_class"], Score()).add(score)
            if document["static_class"] not in _NOTHING_TO_FIND:
                by_language.setdefault(_language(document), Score()).add(score)
            macro.append(score.shares())
            rows.append(_row(document["package"], document["static_class"], score, outcome))
    for name, score in sorted(by_class.items()):
        rows.append(_row(f"**all {name}, by tool**", name, score, ""))
    for name, score in sorted(by_language.items()):
        rows.append(_row(f"**all {name}, by tool**", "", score, ""))
    means = [_mean(share[i] for share in macro) for i in range(5)]
    rows.append(["**mean of servers**", "", "", "", *map(_percent, means), ""])
    table = _markdown(rows)
    print(table)
    if write is not None:
        replace_between(write, "<!-- extraction table -->", "<!-- end of extraction table -->", table)
    told = zip(("names", "right"), means, strict=False)
    tell_ratios(ratios, {f"extraction: {name}": mean for name, mean in told if mean is not None})


def score_server(document: dict[str, Any], definitions: Sequence[ToolDefinition], out: Any = None) -> Score:
    """Compare what was recovered with what the server listed."""
    truth = {tool["name"]: tool for tool in document["tools"]}
    found = {definition.name: definition for definition in definitions}
    # What stands under a condition is kept with it; a server that was asked without it does not list it.
    offered = {name: definition for name, definition in found.items() if name in truth or not definition.conditional}
    superset = not document["truth_complete"] or any(_SUPERSET.search(note) for note in document["notes"])
    # A document tells of a tool in its own words; only a server's own answer can be compared word for word.
    exact = document["truth_source"].startswith("tools/list")
    right = truth.keys() & found.keys()
    score = Score(len(truth), len(found), [len(right), len(truth)])
    score.precision = [0, 0] if superset else [len(right), len(offered)]
    for name in sorted(right):
        _score_tool(score, truth[name], found[name], exact=exact, out=out)
    if out is not None:
        print(f"# {document['package']}", file=out)
        print(f"  missed: {sorted(truth.keys() - right)}", file=out)
        if not superset:
            print(f"  wrong: {sorted(offered.keys() - right)}", file=out)
    return score


def _score_tool(score: Score, true: dict[str, Any], found: ToolDefinition, *, exact: bool, out: Any) -> None:
    if true.get("description") is not None and exact:
        same = (found.description or "").strip() == true["description"].strip()
        score.descriptions[0] += same
        score.descriptions[1] += 1
        if out is not None and not same:
            print(
                f"  description of {found.name} ({found.origin}): {(found.description or '')[:120]!r}",
                file=out,
            )
    if isinstance(true.get("inputSchema"), dict):
        names, ours = _parameters(true["inputSchema"]), _parameters(found.input_schema or {})
        score.parameters[0] += len(names & ours)
        score.parameters[1] += len(names | ours)
        if out is not None and names != ours:
            print(f"  parameters of {found.name}: missed {names - ours}, wrong {ours - names}", file=out)
    declared = {hint: value for hint, value in (true.get("annotations") or {}).items() if hint in HINTS}
    score.hints[0] += sum(found.annotations.get(hint) == value for hint, value in declared.items())
    score.hints[1] += len(declared)


def _parameters(schema: Any) -> set[str]:
    properties = schema.get("properties")
    return set(properties) if isinstance(properties, dict) else set()


def _recover_all(targets: Sequence[Target], pool: Executor) -> dict[Target, tuple[Sequence[ToolDefinition], str]]:
    """Recover targets as a crawl does: those whose tools may stand in dependencies once more, with them."""
    setting = FetchSetting(ArchiveCache(read_settings().cache))
    fetched = dict(fetch_targets(targets, setting))
    found = _results({target: partial(recover, one) for target, one in _there(fetched).items()}, pool)
    wanted = {target: one.wanted for target, one in found.items() if isinstance(one, Recovered) and one.wanted}
    laid = dict(fetch_dependencies(dict.fromkeys(chain.from_iterable(wanted.values())), setting))
    found |= _results(
        {
            target: partial(recover, _there(fetched)[target], None, {one: laid[one] for one in dependencies})
            for target, dependencies in wanted.items()
        },
        pool,
    )
    return {target: _said(found.get(target, fetched[target])) for target in targets}


def _there(fetched: Mapping[Target, Fetched | CrawlError]) -> dict[Target, Fetched]:
    return {target: one for target, one in fetched.items() if isinstance(one, Fetched)}


def _results(
    jobs: Mapping[Target, Callable[[], Recovered | None]], pool: Executor
) -> dict[Target, Recovered | CrawlError | None]:
    futures = {target: pool.submit(job) for target, job in jobs.items()}
    results: dict[Target, Recovered | CrawlError | None] = {}
    for target, future in futures.items():
        try:
            results[target] = future.result()
        except CrawlError as error:
            results[target] = error
    return results


def _said(one: object) -> tuple[Sequence[ToolDefinition], str]:
    if isinstance(one, Recovered):
        return one.extraction.definitions, one.extraction.outcome
    return (), f"failed: {one.reason}" if isinstance(one, CrawlError) else ""


def _language(document: dict[str, Any]) -> str:
    return str(document["language"].split(" ")[0])


def _target(document: dict[str, Any], repositories: Path | None) -> Target | None:
    if document["registry"] == "npm":
        return parse_target(f"npm:{document['package']}@{document['version']}")
    if document["registry"] == "pypi":
        return parse_target(f"pypi:{document['package']}=={document['version']}")
    if repositories is None:
        return None
    folder = repositories / document["repository"].replace("/", "+")
    mirror = next((path for path in (folder / "repo", folder) if (path / "HEAD").is_file()), None)
    if mirror is None:
        return None
    within = _subfolder(mirror, document["commit"], document["package"].partition("#")[2])
    return parse_target(f"git:{mirror}@{document['commit']}{within}")


def _subfolder(mirror: Path, commit: str, name: str) -> str:
    """Give where in a repository the folder of a server is that the truth names by its last part."""
    if not name:
        return ""
    listed = ["git", "-C", str(mirror), "ls-tree", "-r", "-d", "--name-only", commit]
    folders = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.splitlines()
    found = sorted((folder for folder in folders if folder.rpartition("/")[2] == name), key=len)
    return f"#{found[0]}" if found else ""


def _row(name: str, kind: str, score: Score, outcome: str) -> list[str]:
    return [name, kind, str(score.true), str(score.found), *map(_percent, score.shares()), outcome]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _mean(shares: Iterable[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _markdown(rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(_COLUMNS)} |", "|" + " --- |" * 2 + " ---: |" * 7 + " --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


if __name__ == "__main__":
    typer.run(main)
