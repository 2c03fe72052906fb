"""The eight facets of a tool: the strongest value that a rule heard, else the category's default.

Not the rules themselves: those that speak for a facet are modules of rules/.
"""

from collections.abc import Mapping, Sequence

from catalog.records import Evidence, FacetValue
from catalog.vocabulary import FACET_VALUES, Category, Facet
from classifier.evidence import Quotes
from classifier.rule import FacetClaim, Hit

_FIXED: Mapping[Category, Mapping[Facet, str]] = {
    Category.READ: {Facet.REVERSIBILITY: "none_needed", Facet.PRIVILEGE: "none"},
    Category.FINANCIAL: {Facet.MONEY: "moves"},
}
_DEFAULT_REVERSIBILITY: Mapping[Category, str] = {
    Category.READ: "none_needed",
    Category.WRITE: "reversible",
    Category.EXECUTE: "unknown",
    Category.DESTRUCTIVE: "irreversible",
    Category.FINANCIAL: "irreversible",
}
_RECOVERABLE_RULES = frozenset(
    {"archives-or-hides", "controls-lifecycle", "triggers-job", "clears-cache", "closes-session"}
)
_HARMLESS_TO_RUN = frozenset({"takes-arbitrary-code"})  # who only reads code does not run it


def read_facets(quotes: Quotes, hits: Sequence[Hit], category: Category) -> dict[Facet, FacetValue]:
    """Give each facet its value and the evidence that it rests on."""
    claims: dict[Facet, tuple[int, Hit]] = {}
    grounds: dict[str, Hit] = {}
    for hit in hits:
        says = hit.rule.says
        grounds.setdefault(hit.rule.id, hit)
        if isinstance(says, FacetClaim) and not (category is Category.READ and hit.rule.id in _HARMLESS_TO_RUN):
            rank = FACET_VALUES[says.facet].index(says.value)
            if says.facet not in claims or rank > claims[says.facet][0]:
                claims[says.facet] = rank, hit
    facets = {facet: _facet(quotes, facet, claims.get(facet), category) for facet in Facet}
    if Facet.REVERSIBILITY not in claims and category in {Category.WRITE, Category.EXECUTE}:
        ground = next((grounds[rule] for rule in sorted(_RECOVERABLE_RULES & grounds.keys())), None)
        if ground:
            facets[Facet.REVERSIBILITY] = FacetValue("recoverable", quotes.of(ground))
    if Facet.EGRESS not in claims and facets[Facet.CODE_EXECUTION].value == "arbitrary":
        facets[Facet.EGRESS] = FacetValue("arbitrary", facets[Facet.CODE_EXECUTION].evidence)  # code can call anyone
    if category is Category.FINANCIAL:
        facets[Facet.MONEY] = FacetValue("moves", _money_evidence(quotes, hits))
    return facets


def _facet(quotes: Quotes, facet: Facet, claim: tuple[int, Hit] | None, category: Category) -> FacetValue:
    fixed = _FIXED.get(category, {}).get(facet)
    if fixed is not None:
        return FacetValue(fixed)
    if claim is not None:
        return FacetValue(FACET_VALUES[facet][claim[0]], quotes.of(claim[1]))
    if facet is Facet.REVERSIBILITY:
        return FacetValue(_DEFAULT_REVERSIBILITY[category])
    return FacetValue(FACET_VALUES[facet][0])


def _money_evidence(quotes: Quotes, hits: Sequence[Hit]) -> Evidence | None:
    return next((quotes.of(hit) for hit in hits if hit.rule.says is Category.FINANCIAL), None)
