"""Fitting: labelled tools to weights, and scores of tools whose server the weights never saw.

Not the prediction: that is model.py, which needs no scikit-learn. Not the artifact: train.py writes it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from catalog.vocabulary import Category
from classifier.features import BLOCKS, Features, read_features
from classifier.labels import LabelledTool
from classifier.model import CATEGORIES, Floats, Model, index_features, score, weigh_features
from classifier.rule import Hit
from classifier.rules import ENGINE
from classifier.view import ToolView

FOLDS = 10
SCALES = (1.2, 1.25, 0.25, 0.9, 1.65, 1.4)  # how much each of features.BLOCKS may say
STRENGTH = 1.8  # inverse of the regularisation; chosen by cross-validation
AUTHORED_WEIGHT = 1.0  # our own examples teach, the real ones decide
BALANCE = 0.4  # how far rare categories are made up for; 1 would weigh all five alike
RARE = 2  # a feature must occur in so many servers


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled tool as the model sees it."""

    tool: LabelledTool
    view: ToolView
    hits: list[Hit]
    features: Features


def read_examples(tools: Sequence[LabelledTool]) -> list[Example]:
    """View each tool and ask the rules."""
    examples = []
    for tool in tools:
        view = ToolView(tool.definition, tool.server)
        hits = ENGINE.ask(view)
        examples.append(Example(tool, view, hits, read_features(view, hits)))
    return examples


def fit(examples: Sequence[Example]) -> Model:
    """Fit the weights; the temperature stays 1 until `calibrate` finds it."""
    features, rarities = _vocabulary(examples)
    index = index_features(features)
    scales = np.array(SCALES)
    values, columns, lengths = weigh_features(index, rarities, scales, [example.features for example in examples])
    starts = np.concatenate(([0], np.cumsum(lengths)))
    matrix = csr_array((values, columns, starts), shape=(len(examples), len(rarities)))
    targets = [CATEGORIES.index(example.tool.category) for example in examples]
    solver = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-5)
    solver.fit(matrix, targets, sample_weight=_weights(examples))
    weights = np.zeros((len(rarities), len(CATEGORIES)))
    weights[:, solver.classes_] = solver.coef_.T
    bias = np.full(len(CATEGORIES), -20.0)  # a category without examples is never chosen
    bias[solver.classes_] = solver.intercept_
    return Model(index, rarities, weights, bias, scales, 1.0)


def _vocabulary(examples: Sequence[Example]) -> tuple[list[str], Floats]:
    groups: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for example in examples:
        for letter, block in zip(BLOCKS, example.features, strict=True):
            for feature in block:
                name = f"{letter}:{feature}"
                groups.setdefault(name, set()).add(example.tool.group)
                counts[name] += 1
    kept = sorted(feature for feature, seen in groups.items() if len(seen) >= RARE)
    return kept, np.array([1 + np.log((1 + len(examples)) / (1 + counts[feature])) for feature in kept])


def _weights(examples: Sequence[Example]) -> Floats:
    """Weigh the examples: by how clear they are, and rare categories more, by the root of their rarity."""
    own = [
        example.tool.weight * (AUTHORED_WEIGHT if example.tool.group.startswith("authored") else 1.0)
        for example in examples
    ]
    totals: dict[Category, float] = {}
    for example, weight in zip(examples, own, strict=True):
        totals[example.tool.category] = totals.get(example.tool.category, 0.0) + weight
    largest = max(totals.values())
    return np.array(
        [
            weight * (largest / totals[example.tool.category]) ** BALANCE
            for example, weight in zip(examples, own, strict=True)
        ]
    )


def score_out_of_fold(real: Sequence[Example], authored: Sequence[Example]) -> Floats:
    """Score each real tool by a model that never saw its server."""
    scores = np.zeros((len(real), len(CATEGORIES)))
    groups = [example.tool.group for example in real]
    folds = GroupKFold(min(FOLDS, len(set(groups))))
    for seen, unseen in folds.split(groups, groups=groups):
        model = fit([real[at] for at in seen] + list(authored))
        scores[unseen] = score(model, [real[at].features for at in unseen])
    return scores


def calibrate(scores: Floats, targets: Sequence[Category]) -> float:
    """Find the temperature at which out-of-fold scores are honest probabilities."""
    truth = np.array([CATEGORIES.index(target) for target in targets])

    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(truth)), truth].mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 5.0), method="bounded").x)
