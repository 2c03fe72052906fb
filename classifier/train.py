"""Training: labelled tools in, artifact and card out; the same input gives the same bytes.

Not the fitting: that is fitting.py.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
import sklearn

from catalog.records import ToolDefinition
from classifier.evaluate import evaluate_scores, measure_facets, summarise
from classifier.features import BLOCKS
from classifier.fitting import calibrate, fit, read_examples, score_out_of_fold
from classifier.labels import Key, read_authored, read_labels
from classifier.model import Model, index_features, write_model

SMALLEST = 0.02  # weights below it are not worth their line in the artifact


@dataclass(frozen=True, slots=True)
class Trained:
    """What training leaves behind: the artifact's bytes and its card."""

    artifact: bytes
    card: bytes


def train(labels: Path, authored: Path, definitions: Mapping[Key, ToolDefinition], *, date: str) -> Trained:
    """Train on the labels that have a definition and on our own examples. `date` is written on the card.

    Raises LabelError when a label or an example cannot be used.
    """
    real = read_examples(read_labels(labels, definitions))
    own = read_examples(read_authored(authored))
    scores = score_out_of_fold(real, own)
    temperature = calibrate(scores, [example.tool.category for example in real])
    full = fit([*real, *own])
    model = _pruned(Model(full.index, full.rarities, full.weights, full.bias, full.scales, temperature))
    artifact = write_model(model)
    card = {
        "artifact": hashlib.sha256(artifact).hexdigest(),
        "date": date,
        "data": {
            "labels": hashlib.sha256(labels.read_bytes()).hexdigest(),
            "authored": hashlib.sha256(authored.read_bytes()).hexdigest(),
            "definitions": _digest(definitions),
            "real_tools": len(real),
            "servers": len({example.tool.group for example in real}),
            "authored_tools": len(own),
        },
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "features": len(model.rarities),
        "blocks": BLOCKS,
        "scores": summarise(evaluate_scores(real, scores, temperature)),
        "facets": {
            facet.value: {"accuracy": round(accuracy, 4), "macro_f1": round(macro_f1, 4)}
            for facet, (accuracy, macro_f1) in measure_facets(real, scores, temperature).items()
        },
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    return Trained(artifact, orjson.dumps(card, option=options) + b"\n")


def _pruned(model: Model) -> Model:
    names = [f"{letter}:{word}" for letter, known in zip(BLOCKS, model.index, strict=True) for word in known]
    rows = [at for known in model.index for at in known.values()]
    kept = sorted(
        (name, at) for name, at in zip(names, rows, strict=True) if np.abs(model.weights[at]).max() >= SMALLEST
    )
    at = [row for _name, row in kept]
    index = index_features(name for name, _row in kept)
    return Model(index, model.rarities[at], model.weights[at], model.bias, model.scales, model.temperature)


def _digest(definitions: Mapping[Key, ToolDefinition]) -> str:
    digest = hashlib.sha256()
    for key in sorted(definitions):
        digest.update(f"{key} {definitions[key].digest()}\n".encode())
    return digest.hexdigest()
