"""What ranks go by before names: a record's standing, as one small number that the index is sorted by.

Not for the order among records that stand alike: ranking.py sees to that.
"""

from dataclasses import dataclass
from typing import Self

from catalog.vocabulary import Category, Risk

RISKS: tuple[Risk | None, ...] = (*reversed(Risk), None)
CATEGORIES: tuple[Category | None, ...] = (*reversed(Category), None)
WORDS_COUNTED = 9  # names of more words stand together

_RISK_PLACE = {risk: place for place, risk in enumerate(RISKS)}
_CATEGORY_PLACE = {category: place for place, category in enumerate(CATEGORIES)}


@dataclass(frozen=True, slots=True)
class Standing:
    """Risk, strongest effect, words in the name, servers before tools: the first differing one decides."""

    risk: int
    category: int
    words: int
    is_tool: int

    @classmethod
    def of(cls, risk: Risk | None, category: Category | None, words: int, *, is_tool: bool) -> Self:
        """Tell how a record stands whose name has so many words."""
        return cls(_RISK_PLACE[risk], _CATEGORY_PLACE[category], min(words, WORDS_COUNTED), int(is_tool))

    @classmethod
    def from_number(cls, number: int) -> Self:
        """Read what `number` wrote."""
        rest, is_tool = divmod(number, 2)
        rest, words = divmod(rest, WORDS_COUNTED + 1)
        return cls(*divmod(rest, len(CATEGORIES)), words, is_tool)

    @property
    def number(self) -> int:
        """Give one number that sorts as the standing does."""
        effect = self.risk * len(CATEGORIES) + self.category
        return (effect * (WORDS_COUNTED + 1) + self.words) * 2 + self.is_tool
