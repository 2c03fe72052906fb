"""Verbatim quotes: a rule's hit, or the words that moved the model most, as evidence with field and span.

Not a choice of what matters: assess.py picks which quotes are shown.
"""

from collections.abc import Iterable

from catalog.records import Evidence
from catalog.vocabulary import Category
from classifier.actions import Mention
from classifier.features import Features
from classifier.model import CATEGORIES, Model
from classifier.rule import Hit, Place, Says
from classifier.view import ToolView

FROM_MODEL = "model"  # the `rule` of a quote that no rule asked for
_QUOTE_LIMIT = 200
_SHOWN = 4
_WORD_BLOCKS = 3  # of features.BLOCKS, those that hold the tool's own words
_FIELD_ORDER = {"description": 0, "name": 1, "title": 2}


class Quotes:
    """Quotes from one tool's texts; each place is looked up once."""

    def __init__(self, view: ToolView) -> None:
        self.view = view
        self._found: dict[tuple[Place, str], Evidence] = {}

    def of(self, hit: Hit) -> Evidence:
        """Quote the words that a rule answered on."""
        rule, place = hit
        key = (place, rule.id)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._quote(place, rule.speaks, rule.id)
        return found

    def strongest(self, hits: Iterable[Hit], says: Says) -> list[Evidence]:
        """Quote what speaks for a category: what the description says, then the name, then parameters."""
        own = [hit for hit in hits if hit.rule.says is says]
        own.sort(key=lambda hit: (_FIELD_ORDER.get(hit.place[0], 3), hit.rule.general))
        by_place = {hit.place: hit for hit in reversed(own)}
        return [self.of(hit) for hit in own if by_place[hit.place] is hit][:_SHOWN]

    def of_model(self, features: Features, model: Model, category: Category) -> Evidence:
        """Quote the word that spoke most for a category to the model; the name where none of its words did."""
        column = CATEGORIES.index(category)
        best, weight = None, 0.0
        for known, block in zip(model.index[:_WORD_BLOCKS], features, strict=False):
            for word in sorted(block & known.keys()):
                at = known[word]
                pull = float(model.weights[at, column] * model.rarities[at])
                if pull > weight and word in self.view.said:
                    best, weight = word, pull
        place = self.view.mention_of(best) if best else Mention("name")
        return self._quote(place, f"{category.value}: the word that weighed most", FROM_MODEL)

    def _quote(self, place: Place, says: str, rule: str) -> Evidence:
        start, end = self.view.span(place)
        end = min(end, start + _QUOTE_LIMIT)
        return Evidence(place[0], self.view.text(place[0])[start:end], says, start, end, rule)
