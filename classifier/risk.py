"""The risk of a tool: its category's base, moved by the rows of the guide's table, each move with its reason.

Not a judgement on how sure we are: severity and confidence stay apart.
"""

from collections.abc import Mapping

from catalog.records import FacetValue, RiskMove
from catalog.vocabulary import BASE_RISK, Category, Facet, Risk

_LEVELS = tuple(Risk)
_NEVER_LOW = frozenset({Category.EXECUTE, Category.DESTRUCTIVE, Category.FINANCIAL})


def assess_risk(
    category: Category, facets: Mapping[Facet, FacetValue], *, simulated: bool
) -> tuple[Risk, tuple[RiskMove, ...]]:
    """Move the base risk by the first row that raises it and the first that lowers it, then clamp."""
    values = {facet: value.value for facet, value in facets.items()}
    moves = tuple(move for move in (_raise(category, values), _lower(category, values, simulated=simulated)) if move)
    level = _LEVELS.index(BASE_RISK[category]) + sum(move.delta for move in moves)
    floor = _LEVELS.index(Risk.MEDIUM) if category in _NEVER_LOW else 0
    return _LEVELS[max(floor, min(level, len(_LEVELS) - 1))], moves


def _raise(category: Category, values: Mapping[Facet, str]) -> RiskMove | None:
    if category is Category.READ:
        return _raise_read(values)
    if category is Category.WRITE:
        if values[Facet.PRIVILEGE] == "others":
            return RiskMove(1, "It changes what somebody else may do.")
        if values[Facet.REVERSIBILITY] == "irreversible" and values[Facet.BLAST_RADIUS] != "item":
            return RiskMove(1, "What it writes cannot be taken back, and one call reaches more than one item.")
    if category is Category.EXECUTE and values[Facet.CODE_EXECUTION] == "arbitrary":
        return RiskMove(1, "It runs whatever code it is given.")
    return None


def _raise_read(values: Mapping[Facet, str]) -> RiskMove | None:
    if values[Facet.SENSITIVE_DATA] == "credentials":
        return RiskMove(2, "What it returns can hold credentials.")
    if values[Facet.SENSITIVE_DATA] == "private" and values[Facet.UNTRUSTED_INPUT] == "typical":
        return RiskMove(1, "Private data and text that strangers wrote come together in one tool.")
    return None


def _lower(category: Category, values: Mapping[Facet, str], *, simulated: bool) -> RiskMove | None:
    recoverable = values[Facet.REVERSIBILITY] == "recoverable" and values[Facet.BLAST_RADIUS] == "item"
    if category is Category.DESTRUCTIVE and recoverable:
        return RiskMove(-1, "What it removes can be brought back, and one call touches one item.")
    if simulated:
        return RiskMove(-1, "Its text says that it only simulates.")
    return None
