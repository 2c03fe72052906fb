"""How good the classifier is: figures over tools that the model never saw a server of, and what it got wrong.

Not training: it takes scores from fitting.py and judges them as assess.py would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import Category, Facet
from classifier.actions import Source
from classifier.assess import assess_scored
from classifier.errors import LabelError
from classifier.evidence import Quotes
from classifier.facets import read_facets
from classifier.fitting import Example, calibrate, read_examples, score_out_of_fold
from classifier.labels import Key, LabelledTool, read_authored, read_labels
from classifier.lexicon import NAMED_GROUPS
from classifier.model import CATEGORIES, Floats, load_model, score
from classifier.verdict import decide
from classifier.view import ToolView

_BINS = 10
_VERB_CATEGORIES: Mapping[str, Category] = {
    **dict.fromkeys(("look", "compute"), Category.READ),
    **dict.fromkeys(("run", "lifecycle", "trigger", "drive", "install", "leave"), Category.EXECUTE),
    **dict.fromkeys(("delete", "remove", "clear", "cancel", "revoke", "terminate", "uninstall"), Category.DESTRUCTIVE),
    **dict.fromkeys(("pay", "trade"), Category.FINANCIAL),
}


@dataclass(frozen=True, slots=True)
class Miss:
    """A tool whose verdict differs from its label; `second` when it is the label's second choice."""

    server: str
    tool: str
    label: Category
    second: bool
    verdict: Category
    probability: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one way to judge. `confusion[label][verdict]` counts tools; `ece` is None without probabilities.

    `second` is the accuracy that counts a label's second choice as right.
    """

    accuracy: float
    second: float
    macro_f1: float
    precision: Mapping[Category, float]
    recall: Mapping[Category, float]
    confusion: Mapping[Category, Mapping[Category, int]]
    ece: float | None
    misses: tuple[Miss, ...]


def evaluate(labels: Path, authored: Path, definitions: Mapping[Key, ToolDefinition]) -> dict[str, Evaluation]:
    """Compare, by cross-validation over servers: first verb, rules alone, model alone, and both together.

    Raises LabelError when a label or an example cannot be used.
    """
    real = read_examples(read_labels(labels, definitions))
    own = read_examples(read_authored(authored))
    scores = score_out_of_fold(real, own)
    bare, bare_own = [_without_rules(example) for example in real], [_without_rules(example) for example in own]
    bare_scores = score_out_of_fold(bare, bare_own)
    return {
        "first verb": _judge(real, [_shares(judge_by_verb(example.view)) for example in real], honest=False),
        "rules alone": _judge(real, [_shares(judge_by_rules(example)) for example in real], honest=False),
        "model alone": _judge(real, _softened(bare_scores, calibrate(bare_scores, _targets(real))), honest=True),
        "both": evaluate_scores(real, scores, calibrate(scores, _targets(real))),
    }


def evaluate_shipped(labels: Path, definitions: Mapping[Key, ToolDefinition]) -> dict[str, Evaluation]:
    """Judge labelled tools by the shipped model, without training.

    Raises LabelError when a label cannot be used or none has a definition, ArtifactError when there is no model.
    """
    real = read_examples(read_labels(labels, definitions))
    if not real:
        raise LabelError(f"{labels}: no label names a tool that the definitions hold")
    model = load_model()
    scores = score(model, [example.features for example in real])
    return {"both": evaluate_scores(real, scores, model.temperature)}


def evaluate_scores(examples: Sequence[Example], scores: Floats, temperature: float) -> Evaluation:
    """Judge scored examples as assess.py would: probabilities, hints and decisive rules."""
    shares = [
        decide(example.view, example.hits, row).probabilities
        for example, row in zip(examples, _softened(scores, temperature).tolist(), strict=True)
    ]
    return _judge(examples, np.array([[share[category] for category in CATEGORIES] for share in shares]), honest=True)


def assess_out_of_fold(
    labels: Path, authored: Path, definitions: Mapping[Key, ToolDefinition]
) -> list[tuple[LabelledTool, Assessment]]:
    """Assess each labelled tool as it would be by a classifier that never saw its server.

    Raises LabelError when a label or an example cannot be used, ArtifactError when there is no model.
    """
    real = read_examples(read_labels(labels, definitions))
    scores = score_out_of_fold(real, read_examples(read_authored(authored)))
    rows = _softened(scores, calibrate(scores, _targets(real))).tolist()
    model = load_model()
    return [
        (example.tool, assess_scored(example.view, example.hits, example.features, row, model))
        for example, row in zip(real, rows, strict=True)
    ]


def score_facets(
    labels: Path, authored: Path, definitions: Mapping[Key, ToolDefinition]
) -> dict[Facet, tuple[float, float]]:
    """Give each facet's accuracy and macro-F1 over the values that occur, beside cross-validated categories.

    Raises LabelError when a label or an example cannot be used.
    """
    real = read_examples(read_labels(labels, definitions))
    scores = score_out_of_fold(real, read_examples(read_authored(authored)))
    return measure_facets(real, scores, calibrate(scores, _targets(real)))


def measure_facets(examples: Sequence[Example], scores: Floats, temperature: float) -> dict[Facet, tuple[float, float]]:
    """Give each facet's accuracy and macro-F1 over the values that occur, beside the categories of scored examples."""
    judged = [
        read_facets(Quotes(example.view), example.hits, decide(example.view, example.hits, row).category)
        for example, row in zip(examples, _softened(scores, temperature).tolist(), strict=True)
    ]
    return {
        facet: _facet_score(
            [(one.tool.facets[facet], found[facet].value) for one, found in zip(examples, judged, strict=True)]
        )
        for facet in Facet
    }


def _facet_score(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    values = sorted({label for label, _found in pairs})
    f1 = []
    for value in values:
        both = sum(label == found == value for label, found in pairs)
        either = sum((label == value) + (found == value) for label, found in pairs)
        f1.append(2 * both / either)
    return sum(label == found for label, found in pairs) / len(pairs), sum(f1) / len(f1)


def judge_by_verb(view: ToolView) -> Category:
    """Judge by the first verb of the name alone: the baseline that everything has to beat."""
    verb = next((action.verb for action in view.actions if action.source is Source.NAME), None)
    group = next((name for name in _VERB_CATEGORIES if verb in NAMED_GROUPS[name]), None)
    if group is None:
        return Category.READ if verb is None else Category.WRITE
    return _VERB_CATEGORIES[group]


def judge_by_rules(example: Example) -> Category:
    """Judge by the rules alone: the strongest category that name and description agree on, else the likeliest."""
    votes = dict.fromkeys(CATEGORIES, 0.0)
    for hit in {(hit.rule.says, hit.place[0].split(".")[0]) for hit in example.hits}:
        if isinstance(hit[0], Category):
            votes[hit[0]] += 1.0
    best = max(votes.values())
    return (
        max((category for category in CATEGORIES if votes[category] == best), key=CATEGORIES.index)
        if best
        else (Category.READ)
    )


def summarise(evaluation: Evaluation) -> dict[str, object]:
    """Give the figures as plain values, rounded, for the card."""
    return {
        "accuracy": round(evaluation.accuracy, 4),
        "second_choice_counted": round(evaluation.second, 4),
        "macro_f1": round(evaluation.macro_f1, 4),
        "ece": None if evaluation.ece is None else round(evaluation.ece, 4),
        "precision": {category.value: round(value, 3) for category, value in evaluation.precision.items()},
        "recall": {category.value: round(value, 3) for category, value in evaluation.recall.items()},
        "confusion": {
            label.value: {verdict.value: count for verdict, count in row.items()}
            for label, row in evaluation.confusion.items()
        },
        "misses": len(evaluation.misses),
    }


def _without_rules(example: Example) -> Example:
    return replace(example, features=(*example.features[:-1], frozenset()))


def _targets(examples: Sequence[Example]) -> list[Category]:
    return [example.tool.category for example in examples]


def _second_choice(example: Example) -> int:
    choice = example.tool.second_choice
    return -1 if choice is None else CATEGORIES.index(choice)


def _shares(category: Category) -> list[float]:
    return [1.0 if other is category else 0.0 for other in CATEGORIES]


def _softened(scores: Floats, temperature: float) -> Floats:
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _judge(examples: Sequence[Example], shares: Floats | Sequence[Sequence[float]], *, honest: bool) -> Evaluation:
    table = np.asarray(shares, dtype=np.float64)
    chosen = table.argmax(axis=1)
    truth = np.array([CATEGORIES.index(target) for target in _targets(examples)])
    second = np.array([_second_choice(example) for example in examples])
    counts = np.zeros((len(CATEGORIES), len(CATEGORIES)), dtype=np.int64)
    np.add.at(counts, (truth, chosen), 1)
    hits = counts.diagonal()
    precision = hits / np.maximum(counts.sum(axis=0), 1)
    recall = hits / np.maximum(counts.sum(axis=1), 1)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return Evaluation(
        accuracy=float((chosen == truth).mean()),
        second=float(((chosen == truth) | (chosen == second)).mean()),
        macro_f1=float(f1[counts.sum(axis=0) + counts.sum(axis=1) > 0].mean()),  # of categories that occur
        precision=dict(zip(CATEGORIES, precision.tolist(), strict=True)),
        recall=dict(zip(CATEGORIES, recall.tolist(), strict=True)),
        confusion={
            label: {verdict: int(counts[row, column]) for column, verdict in enumerate(CATEGORIES)}
            for row, label in enumerate(CATEGORIES)
        },
        ece=_calibration_error(table.max(axis=1), chosen == truth) if honest else None,
        misses=tuple(
            Miss(
                example.tool.group,
                example.tool.definition.name,
                example.tool.category,
                bool(chosen[at] == second[at]),
                CATEGORIES[chosen[at]],
                float(table[at, chosen[at]]),
            )
            for at, example in enumerate(examples)
            if chosen[at] != truth[at]
        ),
    )


def _calibration_error(confidence: Floats, right: np.typing.NDArray[np.bool_]) -> float:
    """Sum, over ten bins, how far confidence and accuracy are apart."""
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    error = 0.0
    for one in range(_BINS):
        inside = bins == one
        if inside.any():
            error += abs(float(confidence[inside].mean() - right[inside].mean())) * float(inside.mean())
    return error
