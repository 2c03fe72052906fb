"""What `toolrisk evaluate` measures and shows: how right the verdicts are, and what they got wrong."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from catalog.vocabulary import Category
from classifier.evaluate import Evaluation, evaluate, evaluate_shipped, summarise
from toolrisk.settings import Settings
from toolrisk.texts import SCHEMA_VERSION
from toolrisk.training import read_definitions

_BEST = "both"
_SHORT = {category: category[:5] for category in Category}


def measure(dumps: Path, labels: Path | None, settings: Settings) -> dict[str, Evaluation]:
    """Cross-validate on our labels, or judge the user's `labels` with the shipped model. Raises LabelError."""
    definitions = read_definitions(dumps)
    if labels is not None:
        return evaluate_shipped(labels, definitions)
    folder = settings.data / "labels"
    return evaluate(folder / "labels.csv", folder / "authored.jsonl", definitions)


def evaluation_document(found: Mapping[str, Evaluation]) -> dict[str, Any]:
    """Lay out what `toolrisk evaluate --json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "ways": {name: summarise(evaluation) for name, evaluation in found.items()},
        "confusion": {label: dict(row) for label, row in found[_BEST].confusion.items()},
        "misses": [asdict(miss) for miss in found[_BEST].misses],
    }


def print_evaluations(found: Mapping[str, Evaluation], *, misses: bool) -> None:
    """Show a row a way to judge, the confusion matrix of the one that is used, and every miss where asked."""
    console = Console(soft_wrap=True, highlight=False)
    table = Table("judged by", "right", "or second", "macro-F1", "calibration error", box=None, pad_edge=False)
    for name, one in found.items():
        calibration = "" if one.ece is None else f"{one.ece:.3f}"
        table.add_row(name, f"{one.accuracy:.1%}", f"{one.second:.1%}", f"{one.macro_f1:.3f}", calibration)
    console.print(table)
    best = found[_BEST]
    matrix = Table("label", *(_SHORT[category] for category in Category), "found", "right", box=None, pad_edge=False)
    for label, row in best.confusion.items():
        counts = (str(row[verdict]) for verdict in Category)
        matrix.add_row(label, *counts, f"{best.recall[label]:.1%}", f"{best.precision[label]:.1%}")
    console.print("\nverdicts by label; found: of the tools so labelled; right: of the verdicts so given")
    console.print(matrix)
    if misses:
        console.print()
        for miss in best.misses:
            where = f"{miss.server} {miss.tool}"
            console.print(f"{escape(where)}: {miss.label}, judged {miss.verdict} at {miss.probability:.0%}")
