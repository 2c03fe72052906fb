"""The eight facets of a tool: the strongest value that a rule heard, else the category's default.

Not the rules themselves: those that speak for a facet are modules of rules/.
"""

from collections.abc import Mapping, Sequence

from catalog.records import FacetValue
from catalog.vocabulary import FACET_VALUES, Category, Facet
from classifier.evidence import Quotes
from classifier.rule import FacetClaim, Hit

_FIXED: Mapping[Category, frozenset[Facet]] = {
    Category.READ: frozenset({Facet.REVERSIBILITY, Facet.PRIVILEGE}),
    Category.WRITE: frozenset(),
    Category.EXECUTE: frozenset(),
    Category.DESTRUCTIVE: frozenset(),
    Category.FINANCIAL: frozenset({Facet.MONEY}),
}
_REVERSIBILITY: Mapping[Category, str] = {
    Category.READ: "none_needed",
    Category.WRITE: "reversible",
    Category.EXECUTE: "unknown",
    Category.DESTRUCTIVE: "irreversible",
    Category.FINANCIAL: "irreversible",
}
_DEFAULTS: Mapping[Category, Mapping[Facet, FacetValue]] = {
    category: {facet: FacetValue(FACET_VALUES[facet][0]) for facet in Facet}
    | {Facet.REVERSIBILITY: FacetValue(_REVERSIBILITY[category])}
    for category in Category
}
_RANKS: Mapping[Facet, Mapping[str, int]] = {
    facet: {value: at for at, value in enumerate(values)} for facet, values in FACET_VALUES.items()
}
_RECOVERABLE_RULES = frozenset(
    {"archives-or-hides", "controls-lifecycle", "triggers-job", "clears-cache", "closes-session", "stops-work"}
)
_HARMLESS_TO_RUN = frozenset({"takes-arbitrary-code"})  # who only reads code does not run it


def read_facets(quotes: Quotes, hits: Sequence[Hit], category: Category) -> dict[Facet, FacetValue]:
    """Give each facet its value and the evidence that it rests on."""
    facets = dict(_DEFAULTS[category])
    fixed = _FIXED[category]
    claims: dict[Facet, Hit] = {}
    for hit in hits:
        says = hit.rule.says
        if not isinstance(says, FacetClaim) or says.facet in fixed:
            continue
        if category is Category.READ and hit.rule.id in _HARMLESS_TO_RUN:
            continue
        ranks = _RANKS[says.facet]
        held = claims.get(says.facet)
        if held is None or ranks[says.value] > ranks[_value(held)]:
            claims[says.facet] = hit
    for facet, hit in claims.items():
        facets[facet] = FacetValue(_value(hit), quotes.of(hit))
    if Facet.REVERSIBILITY not in claims and category in {Category.WRITE, Category.EXECUTE}:
        _recoverable(quotes, hits, facets)
    if Facet.EGRESS not in claims and facets[Facet.CODE_EXECUTION].value == "arbitrary":
        facets[Facet.EGRESS] = FacetValue("arbitrary", facets[Facet.CODE_EXECUTION].evidence)  # code can call anyone
    if category is Category.FINANCIAL:
        evidence = next((quotes.of(hit) for hit in hits if hit.rule.says is Category.FINANCIAL), None)
        facets[Facet.MONEY] = FacetValue("moves", evidence)
    return facets


def _value(hit: Hit) -> str:
    says = hit.rule.says
    return says.value if isinstance(says, FacetClaim) else ""


def _recoverable(quotes: Quotes, hits: Sequence[Hit], facets: dict[Facet, FacetValue]) -> None:
    grounds = [hit for hit in hits if hit.rule.id in _RECOVERABLE_RULES]
    if grounds:
        ground = min(grounds, key=lambda hit: hit.rule.id)
        facets[Facet.REVERSIBILITY] = FacetValue("recoverable", quotes.of(ground))
