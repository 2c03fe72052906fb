"""The trained model: read from a readable JSON artifact, and applied to features in batches.

Not training: scikit-learn is never imported here.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from catalog.vocabulary import Category
from classifier.errors import ArtifactError
from classifier.features import BLOCKS, Features

FORMAT = 1
ARTIFACT = Path(__file__).parent / "artifacts" / "model.json"
CATEGORIES = tuple(Category)
_OFF_THE_VERDICT = frozenset(
    {"run.py", "train.py", "fitting.py", "explanation.py", "evaluate.py", "labels.py", "errors.py"}
)
_REBUILD = "run `make train` to rebuild it"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature. `weights` has a row a feature and a column a category; `scales` one value a block.

    `index` maps, block by block, a feature to its row.
    """

    index: tuple[Mapping[str, int], ...]
    rarities: Floats
    weights: Floats
    bias: Floats
    scales: Floats
    temperature: float


def predict(model: Model, tools: Sequence[Features]) -> Floats:
    """Give a row a tool and a column a category, in the order of `Category`; rows sum to 1."""
    if not tools:
        return np.zeros((0, len(CATEGORIES)))
    scores = score(model, tools) / model.temperature
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def score(model: Model, tools: Sequence[Features]) -> Floats:
    """Sum the weights of each tool's features, before they are made probabilities."""
    values, columns, lengths = weigh_features(model.index, model.rarities, model.scales, tools)
    rows = np.repeat(np.arange(len(tools)), lengths)
    scores = np.tile(model.bias, (len(tools), 1))
    for category in range(len(CATEGORIES)):
        scores[:, category] += np.bincount(rows, values * model.weights[columns, category], minlength=len(tools))
    return scores


def weigh_features(
    index: Sequence[Mapping[str, int]], rarities: Floats, scales: Floats, tools: Sequence[Features]
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the sparse matrix of known features: values, their columns, and how many each tool has.

    Each block of a tool has the length that `scales` gives it.
    """
    columns: list[int] = []
    lengths: list[int] = []
    for features in tools:
        for known, block in zip(index, features, strict=True):
            rows = [known[feature] for feature in block if feature in known]
            rows.sort()
            columns += rows
            lengths.append(len(rows))
    column_array, length_array = np.array(columns, np.int64), np.array(lengths, np.int64)
    cell = np.repeat(np.arange(len(lengths)), length_array)
    rarity = rarities[column_array]
    norms = np.sqrt(np.bincount(cell, rarity * rarity, minlength=len(lengths)))
    factors = np.tile(scales, len(tools)) / np.maximum(norms, 1e-9)
    values: Floats = rarity * factors[cell]
    return values, column_array, length_array.reshape(len(tools), len(BLOCKS)).sum(axis=1)


def index_features(features: Iterable[str]) -> tuple[Mapping[str, int], ...]:
    """Index features written as `block:feature`, in their order, block by block."""
    index: dict[str, dict[str, int]] = {block: {} for block in BLOCKS}
    for at, feature in enumerate(features):
        index[feature[0]][feature[2:]] = at
    return tuple(index.values())


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
    for feature, at in sorted(
        (f"{letter}:{word}", at)
        for letter, known in zip(BLOCKS, model.index, strict=True)
        for word, at in known.items()
    ):
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
            index=index_features(features),
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
