"""From the model's probabilities to one category: declared hints may raise it, decisive rules hold it.

Nothing here lowers a category: a text that asks to be taken for harmless gains nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.vocabulary import Category
from classifier.model import CATEGORIES
from classifier.rule import Hit, Threat
from classifier.view import ToolView

HELD = 0.55  # the least that a category gets when a decisive rule holds it
HINT_WEIGHT = 2.0  # what a declared hint may add to the odds
_PRECEDENCE = {category: at for at, category in enumerate(CATEGORIES)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The category, how likely each one is, and the rule that held it against the model, if one did."""

    category: Category
    second_choice: Category
    probabilities: Mapping[Category, float]
    held_by: str | None = None

    @property
    def precedence(self) -> int:
        """How strong the category is among all."""
        return _PRECEDENCE[self.category]


def overrule(verdict: Verdict, category: Category) -> Verdict:
    """Put a person's category in place of the verdict's; what the classifier thought likely is kept."""
    others = [one for one in verdict.probabilities if one is not category]
    second = max(others, key=lambda one: (verdict.probabilities[one], _PRECEDENCE[one]))
    return Verdict(category, second, verdict.probabilities)


def decide(view: ToolView, hits: Sequence[Hit], probabilities: Sequence[float]) -> Verdict:
    """Decide on one tool. `probabilities` stand in the order of `Category`."""
    odds = dict(zip(CATEGORIES, (float(probability) for probability in probabilities), strict=True))
    _heed_hints(odds, view)
    total = sum(odds.values())
    shares = {category: share / total for category, share in odds.items()}
    held, rule = _held(hits)
    likeliest = max(shares, key=lambda category: (shares[category], _PRECEDENCE[category]))
    held_by = None
    if held is not None and _PRECEDENCE[likeliest] < _PRECEDENCE[held]:
        shares, held_by = _raised(shares, held), rule
    ranked = sorted(shares, key=lambda category: (-shares[category], -_PRECEDENCE[category]))
    return Verdict(ranked[0], ranked[1], shares, held_by)


def _heed_hints(odds: dict[Category, float], view: ToolView) -> None:
    if view.hints.get("readOnlyHint") is False:
        odds[Category.READ] /= HINT_WEIGHT
    if view.hints.get("destructiveHint") is True and view.hints.get("readOnlyHint") is not True:
        odds[Category.DESTRUCTIVE] *= HINT_WEIGHT


def _held(hits: Sequence[Hit]) -> tuple[Category | None, str | None]:
    """Find the strongest category that a decisive rule heard in the tool's own name."""
    pleading = any(hit.rule.id == "addresses-the-judge" and isinstance(hit.rule.says, Threat) for hit in hits)
    held: Category | None = None
    rule: str | None = None
    for hit in hits:
        says = hit.rule.says
        if not isinstance(says, Category) or not hit.rule.decisive:
            continue
        if (hit.place[0] == "name" or pleading) and (held is None or _PRECEDENCE[says] > _PRECEDENCE[held]):
            held, rule = says, hit.rule.id
    return held, rule


def _raised(shares: Mapping[Category, float], held: Category) -> dict[Category, float]:
    rest = 1.0 - shares[held]
    share = max(HELD, shares[held])
    return {category: share if category is held else value * (1.0 - share) / rest for category, value in shares.items()}
