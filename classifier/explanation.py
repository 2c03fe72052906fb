"""Everything that spoke for one verdict, and how much: rules, features, hints, siblings, what was missing.

Not the verdict: assess.py gives it; here its making is laid open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog.records import Assessment, Override, ServerContext, ToolDefinition
from catalog.vocabulary import Category
from classifier.assess import WITHOUT_DESCRIPTION, assess_tools
from classifier.evidence import Quotes
from classifier.features import BLOCKS, Features, read_features
from classifier.model import CATEGORIES, Model, load_model, predict, weigh_features
from classifier.rule import Hit
from classifier.rules import ENGINE
from classifier.verdict import HINT_WEIGHT, decide
from classifier.view import ToolView

_KINDS = dict(
    zip(
        BLOCKS,
        ("in the name", "in the opening words", "later in the text", "in a parameter's name", "verb", "rules"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule that answered yes, where, and on which words."""

    rule: str
    says: str
    field: str
    quote: str


@dataclass(frozen=True, slots=True)
class Pull:
    """What one feature adds to the log-odds of the verdict against the second choice; negative speaks against."""

    feature: str
    kind: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a verdict came about. `start` is the log-odds before anything was read; `notes` tell what else counted."""

    assessment: Assessment
    answers: tuple[Answer, ...]
    start: float
    pulls: tuple[Pull, ...]
    notes: tuple[str, ...]


def explain_tool(definition: ToolDefinition, server: ServerContext, override: Override | None = None) -> Explanation:
    """Lay open the verdict on one tool. Raises ArtifactError when the trained model cannot be used."""
    assessment = assess_tools([(definition, server)], {0: override} if override else {})[0]
    model = load_model()
    view = ToolView(definition, server)
    hits = ENGINE.ask(view)
    features = read_features(view, hits)
    quotes = Quotes(view)
    answers = [Answer(quote.rule, quote.says, quote.field, quote.quote) for quote in map(quotes.of, hits)]
    start, pulls = _pulls(model, features, assessment.category, assessment.second_choice)
    return Explanation(
        assessment, tuple(dict.fromkeys(answers)), start, tuple(pulls), tuple(_notes(view, hits, model, features))
    )


def _pulls(model: Model, features: Features, category: Category, second: Category) -> tuple[float, list[Pull]]:
    names = {
        at: (_KINDS[block], word)
        for block, known in zip(BLOCKS, model.index, strict=True)
        for word, at in known.items()
    }
    values, columns, _lengths = weigh_features(model.index, model.rarities, model.scales, [features])
    mine, other = CATEGORIES.index(category), CATEGORIES.index(second)
    weights = values * (model.weights[columns, mine] - model.weights[columns, other]) / model.temperature
    pulls = [
        Pull(names[column][1], names[column][0], round(weight, 3))
        for column, weight in zip(columns.tolist(), weights.tolist(), strict=True)
    ]
    start = float((model.bias[mine] - model.bias[other]) / model.temperature)
    return round(start, 3), sorted(pulls, key=lambda pull: (-abs(pull.weight), pull.kind, pull.feature))


def _notes(view: ToolView, hits: Sequence[Hit], model: Model, features: Features) -> list[str]:
    verdict = decide(view, hits, predict(model, [features])[0].tolist())
    notes = []
    if verdict.held_by:
        notes.append(f"The rule {verdict.held_by} holds {verdict.category.value} whatever else the text claims.")
    if view.hints.get("readOnlyHint") is False:
        notes.append(f"readOnlyHint = false makes Read {HINT_WEIGHT:g} times less likely.")
    if view.hints.get("destructiveHint") is True and view.hints.get("readOnlyHint") is not True:
        notes.append(f"destructiveHint = true makes Destructive {HINT_WEIGHT:g} times more likely.")
    if view.start:
        opening = " ".join(view.prose[: view.start])
        notes.append(f"“{opening}” stands before several of its server's descriptions and was stepped over.")
    if not view.definition.description:
        notes.append(f"There is no description; confidence counts {WITHOUT_DESCRIPTION:.0%}.")
    unknown = int(np.sum([len(block - known.keys()) for known, block in zip(model.index, features, strict=True)]))
    notes.append(f"{unknown} of {sum(map(len, features))} features are unknown to the model and say nothing.")
    return notes
