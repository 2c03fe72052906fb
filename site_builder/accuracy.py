"""How well the classifier was measured to judge, as the card beside its model says, in words and rows.

Not for measuring: training writes the card. What the card does not hold is not shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import classifier
from catalog.vocabulary import Category, Facet
from site_builder.wording import FACET_LABEL, plural

CARD = Path(classifier.__file__).parent / "artifacts" / "card.json"
_LARGEST = 1_000_000
_SPACE = "\N{NO-BREAK SPACE}"
_MIXED_UP = 3
_FEW = 50  # below it one more miss moves a share by two points and more
Share = float


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Scores(_Read):
    accuracy: Share = Field(ge=0, le=1)
    second_choice_counted: Share = Field(ge=0, le=1)
    macro_f1: Share = Field(ge=0, le=1)
    ece: Share | None = Field(default=None, ge=0, le=1)
    precision: Mapping[Category, float]
    recall: Mapping[Category, float]
    misses: int
    confusion: Mapping[Category, Mapping[Category, int]] | None = None


class _FacetScore(_Read):
    accuracy: Share = Field(ge=0, le=1)


class _Data(_Read):
    real_tools: int
    servers: int
    authored_tools: int


class _Card(_Read):
    date: str
    data: _Data
    scores: _Scores
    facets: Mapping[Facet, _FacetScore] | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How well one category is judged: how many of its tools are found, how many of its verdicts are right."""

    label: str
    found: str
    right: str


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """What the tools of one label were judged to be, in the order of the categories; `right` counts from 1."""

    label: str
    counts: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What the card says. `weaknesses` are what its figures show to be weakest."""

    trained: str
    tools: str
    servers: str
    authored: str
    misses: str
    accuracy: str
    second: str
    macro_f1: str
    calibration: str
    scores: tuple[Score, ...]
    verdicts: tuple[str, ...]
    confusion: tuple[ConfusionRow, ...]
    weaknesses: tuple[str, ...]


def read_accuracy(card: Path = CARD) -> Measured | None:
    """Read what the classifier's card says of its accuracy; None when there is no card that can be read."""
    try:
        if card.stat().st_size > _LARGEST:
            return None
        read = _Card.model_validate_json(card.read_bytes())
    except (OSError, ValidationError):
        return None
    return _put(read)


def _put(card: _Card) -> Measured:
    scores = card.scores
    return Measured(
        trained=card.date,
        tools=plural(card.data.real_tools, "tool"),
        servers=plural(card.data.servers, "group of servers", "groups of servers"),
        authored=plural(card.data.authored_tools, "example"),
        misses=f"{scores.misses:,}",
        accuracy=_exact(scores.accuracy),
        second=_exact(scores.second_choice_counted),
        macro_f1=f"{scores.macro_f1:.2f}",
        calibration="" if scores.ece is None else f"{scores.ece * 100:.1f}",
        scores=tuple(
            Score(str(one), _exact(scores.recall[one]), _exact(scores.precision[one]))
            for one in Category
            if one in scores.recall and one in scores.precision
        ),
        verdicts=tuple(str(one) for one in Category),
        confusion=_confusion(scores.confusion or {}),
        weaknesses=tuple(_weaknesses(card)),
    )


def _confusion(counts: Mapping[Category, Mapping[Category, int]]) -> tuple[ConfusionRow, ...]:
    return tuple(
        ConfusionRow(str(label), tuple(f"{counts[label].get(verdict, 0):,}" for verdict in Category), at)
        for at, label in enumerate(Category, start=1)
        if label in counts
    )


def _weaknesses(card: _Card) -> Iterator[str]:
    scores, confusion = card.scores, card.scores.confusion or {}
    for worst in sorted(scores.recall, key=lambda one: (scores.recall[one], one))[:1]:
        yield f"{worst} is found least: {_exact(1 - scores.recall[worst])} of its tools are called something else."
    for worst in sorted(scores.precision, key=lambda one: (scores.precision[one], one))[:1]:
        wrong = _exact(1 - scores.precision[worst])
        yield f"A verdict of {worst} is wrong most often: {wrong} of them have another label."
    mixed = sorted(
        (-count, label, verdict)
        for label, row in confusion.items()
        for verdict, count in row.items()
        if label is not verdict and count
    )
    for count, label, verdict in mixed[:_MIXED_UP]:
        yield f"{plural(-count, 'tool')} labelled {label} {'was' if count == -1 else 'were'} called {verdict}."
    for label, row in confusion.items():
        if 0 < sum(row.values()) < _FEW:
            yield f"{plural(sum(row.values()), 'tool')} labelled {label}: too few for exact figures of it."
    near = round((scores.second_choice_counted - scores.accuracy) * card.data.real_tools)
    if near:
        yield f"Of {plural(scores.misses, 'miss', 'misses')}, {near:,} are what the annotator named as second choice."
    facets = card.facets or {}
    for facet in sorted(facets, key=lambda one: (facets[one].accuracy, one))[:1]:
        right = _exact(facets[facet].accuracy)
        yield f"Of the eight facets, “{FACET_LABEL[facet]}” is answered worst: as labelled for {right} of tools."


def _exact(share: Share) -> str:
    return f"{share * 100:.1f}{_SPACE}%"
