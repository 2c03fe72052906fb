"""Verbatim quotes: a rule's hit, or the words that moved the model most, as evidence with field and span.

Not a choice of what matters: assess.py picks which quotes are shown.
"""

from collections.abc import Sequence

from catalog.records import Evidence
from catalog.vocabulary import Category
from classifier.actions import Mention
from classifier.model import CATEGORIES, Model
from classifier.rule import FacetClaim, Hit, Threat
from classifier.view import ToolView

FROM_MODEL = "model"  # the `rule` of a quote that no rule asked for
_QUOTE_LIMIT = 200


def quote_hit(view: ToolView, hit: Hit) -> Evidence:
    """Quote the words that a rule answered on."""
    return _quote(view, hit.mention, _what_it_says(hit), hit.rule.id)


def _what_it_says(hit: Hit) -> str:
    says = hit.rule.says
    if isinstance(says, Category):
        return f"{says.value}: {hit.rule.title}"
    if isinstance(says, FacetClaim):
        return f"{says.facet.value} = {says.value}: {hit.rule.title}"
    if isinstance(says, Threat):
        return f"{says.name}: {hit.rule.title}"
    raise TypeError(hit.rule.id)


def _quote(view: ToolView, mention: Mention, says: str, rule: str) -> Evidence:
    end = min(mention.end, mention.start + _QUOTE_LIMIT)
    quote = view.texts[mention.field][mention.start : end]
    return Evidence(mention.field, quote, says, mention.start, end, rule)


def quote_model(view: ToolView, features: frozenset[str], model: Model, category: Category) -> Evidence:
    """Quote the word that spoke most for a category to the model; the name where none of its words did."""
    column = CATEGORIES.index(category)
    best, weight = None, 0.0
    for feature in sorted(features & model.index.keys()):
        word = feature[2:]
        at = model.index[feature]
        pull = float(model.weights[at, column] * model.rarities[at])
        if feature[0] in "ndb" and word in view.said and pull > weight:
            best, weight = view.said[word], pull
    mention = best or Mention("name", 0, len(view.definition.name))
    return _quote(view, mention, f"{category.value}: the word that weighed most", FROM_MODEL)


def strongest_first(hits: Sequence[Hit]) -> list[Hit]:
    """Order hits as a reader wants them: what the description says, then the name, then parameters."""
    order = {"description": 0, "name": 1, "title": 2}
    return sorted(hits, key=lambda hit: order.get(hit.mention.field, 3))
