"""How right the classifier is, how honest its confidence, how good its facets, and how fast and small it runs.

The truth is our labels (data/labels) joined with a folder of `tools/list` answers; see docs/benchmarks.md.

    python benchmarks/classification.py TRUTH [--write docs/benchmarks.md] [--streamed 500000] [--ratios FILE]
"""

import resource
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.documents import replace_between
from benchmarks.ratios import RatiosFile, tell_ratios
from catalog.records import ServerContext, ToolDefinition
from catalog.vocabulary import FACET_VALUES, Category, Facet, Severity
from classifier.assess import assess_tools
from classifier.evaluate import Evaluation, evaluate, score_facets
from classifier.labels import Key
from classifier.rules import ENGINE
from classifier.siblings import server_context
from classifier.view import ToolView
from toolrisk.collector import relax_collector
from toolrisk.settings import read_settings
from toolrisk.training import read_definitions

_BATCH = 500
_ROUNDS = 5
_BEGIN, _END = "<!-- classification tables -->", "<!-- end of classification tables -->"

Item = tuple[ToolDefinition, ServerContext]


def main(
    truth: Annotated[Path, typer.Argument(help="A folder of tools/list answers that name registry and package.")],
    write: Annotated[Path | None, typer.Option(help="Put the tables into this document.")] = None,
    streamed: Annotated[int, typer.Option(help="Tools whose memory is measured.")] = 500_000,
    ratios: RatiosFile = None,
) -> None:
    """Measure everything and print it as Markdown."""
    definitions = read_definitions(truth)
    folder = read_settings().data / "labels"
    labels, authored = folder / "labels.csv", folder / "authored.jsonl"
    found = evaluate(labels, authored, definitions)
    facets = score_facets(labels, authored, definitions)
    items = _items(definitions)
    speed, share = _speed(items)
    parts = [
        _ways(found),
        _confusion(found["both"]),
        *_grave(found["both"]),
        _facets(facets),
        *_hints_and_quotes(items),
        speed,
        *_memory(items, streamed),
    ]
    text = "\n".join(parts)
    typer.echo(text)
    if write is not None:
        replace_between(write, _BEGIN, _END, text)
    both = found["both"]
    told = {"classification: right": both.accuracy, "classification: macro-F1": both.macro_f1}
    tell_ratios(ratios, {**told, "classification: speed": share})


def _ways(found: Mapping[str, Evaluation]) -> str:
    head = "| judged by | right | or second choice | macro-F1 | " + " | ".join(
        f"{category} found" for category in Category
    )
    rows = [f"{head} | calibration error |", "| --- |" + " ---: |" * (len(Category) + 4)]
    for name, one in found.items():
        recalls = " | ".join(f"{one.recall[category]:.1%}" for category in Category)
        calibration = "" if one.ece is None else f"{one.ece:.3f}"
        rows.append(
            f"| {name} | {one.accuracy:.1%} | {one.second:.1%} | {one.macro_f1:.3f} | {recalls} | {calibration} |"
        )
    return "\n".join([*rows, ""])


def _confusion(one: Evaluation) -> str:
    rows = ["| label \\ verdict | " + " | ".join(Category) + " |", "| --- |" + " ---: |" * len(Category)]
    rows += [
        f"| {label} | " + " | ".join(str(row[verdict]) for verdict in Category) + " |"
        for label, row in one.confusion.items()
    ]
    return "\n".join([*rows, ""])


def _grave(one: Evaluation) -> Iterable[str]:
    strong = (Category.EXECUTE, Category.DESTRUCTIVE, Category.FINANCIAL)
    total = sum(sum(one.confusion[label].values()) for label in strong)
    missed = sum(one.confusion[label][Category.READ] for label in strong)
    clear = sum(miss.label in strong and miss.verdict is Category.READ and not miss.second for miss in one.misses)
    yield (
        f"Execute, Destructive or Financial called Read: {missed} of {total} ({missed / total:.1%}); {clear} of them"
        f" ({clear / total:.1%}) where the annotator did not name Read as the second choice.\n"
    )


def _facets(scores: Mapping[Facet, tuple[float, float]]) -> str:
    rows = ["| facet | values | right | macro-F1 |", "| --- | ---: | ---: | ---: |"]
    rows += [
        f"| {facet} | {len(FACET_VALUES[facet])} | {right:.1%} | {f1:.2f} |" for facet, (right, f1) in scores.items()
    ]
    right, f1 = (sum(score[at] for score in scores.values()) / len(scores) for at in (0, 1))
    return "\n".join([*rows, f"| **mean** | | **{right:.1%}** | **{f1:.2f}** |", ""])


def _items(definitions: Mapping[Key, ToolDefinition]) -> list[Item]:
    by_server: dict[tuple[str, str], list[ToolDefinition]] = {}
    for (registry, package, _tool), definition in definitions.items():
        by_server.setdefault((registry, package), []).append(definition)
    return [
        (definition, context)
        for (_registry, package), own in by_server.items()
        for context in [server_context(package, None, own)]
        for definition in own
    ]


def _hints_and_quotes(items: Sequence[Item]) -> Iterable[str]:
    judged = assess_tools(items)
    declared = [
        (definition.annotations["readOnlyHint"], assessment.category is Category.READ)
        for (definition, _context), assessment in zip(items, judged, strict=True)
        if isinstance(definition.annotations.get("readOnlyHint"), bool)
    ]
    agree = sum(hint is read for hint, read in declared)
    quoted = sum(bool(assessment.evidence) for assessment in judged)
    high = sum(finding.severity is Severity.HIGH for assessment in judged for finding in assessment.findings)
    review = sum(assessment.needs_review for assessment in judged)
    yield (
        f"Declared `readOnlyHint` and verdict agree on {agree} of {len(declared)} tools"
        f" ({agree / max(1, len(declared)):.1%}). {quoted} of {len(judged)} verdicts quote the definition;"
        f" {review} ask for review. Threat findings of high severity: {high}.\n"
    )


def _speed(items: Sequence[Item]) -> tuple[str, float]:
    """Tell how fast tools are assessed, and give it as a share of what counting their words alone would reach."""
    assess_tools(items[:_BATCH])
    relax_collector()
    whole = min(_cpu(lambda: _assess_all(items)) for _ in range(_ROUNDS))
    views = [ToolView(*item) for item in items]
    rules = min(_cpu(lambda: [ENGINE.ask(view) for view in views]) for _ in range(_ROUNDS))
    texts = [f"{definition.name} {definition.description or ''}" for definition, _context in items]
    counter = TfidfVectorizer().fit(texts)
    words = min(_cpu(lambda: counter.transform(texts)) for _ in range(_ROUNDS))
    text = (
        f"Speed, one core, batches of {_BATCH}, {len(items)} definitions as they are: {len(items) / whole:,.0f} tools"
        f" per CPU-second from definition to assessment; rules are {rules / whole:.0%} of it.\n"
        f"One TfidfVectorizer alone turns names and descriptions into vectors {whole / words:.0f} times as fast.\n"
    )
    return text, words / whole


def _memory(items: Sequence[Item], streamed: int) -> Iterable[str]:
    for _ in range(streamed // len(items)):
        _assess_all(items)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"Peak memory after {streamed:,} tools, training in the same process included: {peak:,.0f} MB.\n"


def _assess_all(items: Sequence[Item]) -> None:
    for start in range(0, len(items), _BATCH):
        assess_tools(items[start : start + _BATCH])


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    typer.run(main)
