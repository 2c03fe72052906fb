"""The trained model: read from a readable JSON artifact, and applied to features in batches.

Not training: scikit-learn is never imported here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from catalog.vocabulary import Category
from classifier.errors import ArtifactError
from classifier.features import BLOCKS

FORMAT = 1
ARTIFACT = Path(__file__).parent / "artifacts" / "model.json"
CATEGORIES = tuple(Category)
_OFF_THE_VERDICT = frozenset({"run.py", "train.py", "evaluate.py", "labels.py", "errors.py"})
_REBUILD = "run `make train` to rebuild it"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature. `weights` has a row a feature and a column a category; `scales` one value a block."""

    index: Mapping[str, int]
    rarities: Floats
    weights: Floats
    bias: Floats
    scales: Floats
    temperature: float


def predict(model: Model, tools: Sequence[frozenset[str]]) -> Floats:
    """Give a row a tool and a column a category, in the order of `Category`; rows sum to 1."""
    scores = score(model, tools) / model.temperature
    scores -= scores.max(axis=1, keepdims=True) if len(tools) else 0.0
    powers = np.exp(scores)
    sums: Floats = powers / powers.sum(axis=1, keepdims=True) if len(tools) else powers
    return sums


def score(model: Model, tools: Sequence[frozenset[str]]) -> Floats:
    """Sum the weights of each tool's features, before they are made probabilities."""
    rows, columns, values = weigh_features(model.index, model.rarities, model.scales, tools)
    scores = np.tile(model.bias, (len(tools), 1))
    for category in range(len(CATEGORIES)):
        scores[:, category] += np.bincount(rows, values * model.weights[columns, category], minlength=len(tools))
    return scores


def weigh_features(
    index: Mapping[str, int], rarities: Floats, scales: Floats, tools: Sequence[frozenset[str]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Give the sparse matrix of known features as rows, columns and values; each block of a tool has its length."""
    rows: list[int] = []
    columns: list[int] = []
    blocks: list[int] = []
    for row, features in enumerate(tools):
        for feature in sorted(features & index.keys()):
            rows.append(row)
            columns.append(index[feature])
            blocks.append(BLOCKS.index(feature[0]))
    row_array, column_array = np.array(rows, np.int64), np.array(columns, np.int64)
    block_array = np.array(blocks, np.int64)
    rarity = rarities[column_array]
    cell = row_array * len(BLOCKS) + block_array
    lengths = np.sqrt(np.bincount(cell, rarity * rarity, minlength=len(tools) * len(BLOCKS)))
    values: Floats = rarity / lengths[cell] * scales[block_array] if rows else rarity
    return row_array, column_array, values


def write_model(model: Model) -> bytes:
    """Write a model as the artifact's bytes: sorted, rounded, one feature a line."""
    document = {
        "format": FORMAT,
        "categories": list(CATEGORIES),
        "blocks": BLOCKS,
        "scales": [round(float(scale), 4) for scale in model.scales],
        "temperature": round(model.temperature, 4),
        "bias": [round(float(value), 4) for value in model.bias],
    }
    lines = [orjson.dumps(document).decode()[:-1] + ',"features":{']
    for feature, at in sorted(model.index.items()):
        numbers = [round(float(value), 3) for value in (model.rarities[at], *model.weights[at])]
        lines.append(orjson.dumps({feature: numbers}).decode()[1:-1] + ",")
    lines[-1] = lines[-1].rstrip(",")
    return ("\n".join([*lines, "}}"]) + "\n").encode()


def read_model(content: bytes) -> Model:
    """Read an artifact's bytes. Raises ArtifactError when they are not one."""
    try:
        document: dict[str, Any] = orjson.loads(content)
        if document["format"] != FORMAT or document["categories"] != list(CATEGORIES) or document["blocks"] != BLOCKS:
            raise ArtifactError(f"the trained model is of another version: {_REBUILD}")
        features = document["features"]
        table = np.array(list(features.values()), np.float64).reshape(len(features), 1 + len(CATEGORIES))
        model = Model(
            index={feature: at for at, feature in enumerate(features)},
            rarities=table[:, 0],
            weights=table[:, 1:],
            bias=np.array(document["bias"], np.float64),
            scales=np.array(document["scales"], np.float64),
            temperature=float(document["temperature"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"the trained model is damaged: {_REBUILD}") from error
    sound = np.isfinite(table).all() and model.temperature > 0 and len(features) > 0
    if not sound or model.bias.shape != (len(CATEGORIES),) or model.scales.shape != (len(BLOCKS),):
        raise ArtifactError(f"the trained model is damaged: {_REBUILD}")
    return model


def load_model(path: Path = ARTIFACT) -> Model:
    """Read the trained model, once for each state of its file. Raises ArtifactError when it cannot be used."""
    try:
        stamp = path.stat()
    except OSError as error:
        raise ArtifactError(f"the trained model is missing: {_REBUILD}") from error
    return _load(path, stamp.st_mtime_ns, stamp.st_size)


@cache
def _load(path: Path, _modified: int, _size: int) -> Model:
    try:
        return read_model(path.read_bytes())
    except OSError as error:
        raise ArtifactError(f"the trained model cannot be read: {_REBUILD}") from error


@cache
def fingerprint() -> str:
    """Identify the classifier: a hex digest over the artifact and every module that a verdict depends on."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        if path.name not in _OFF_THE_VERDICT:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    try:
        digest.update(ARTIFACT.read_bytes())
    except OSError as error:
        raise ArtifactError(f"the trained model is missing: {_REBUILD}") from error
    return digest.hexdigest()
