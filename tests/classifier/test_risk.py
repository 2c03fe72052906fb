"""The risk table of the guide, row by row."""

import pytest

from catalog.records import FacetValue
from catalog.vocabulary import FACET_VALUES, Category, Facet, Risk
from classifier.risk import assess_risk

ROWS = [
    (Category.READ, {}, False, Risk.LOW, 0),
    (Category.READ, {Facet.SENSITIVE_DATA: "credentials"}, False, Risk.HIGH, 1),
    (Category.READ, {Facet.SENSITIVE_DATA: "private"}, False, Risk.LOW, 0),
    (Category.READ, {Facet.SENSITIVE_DATA: "private", Facet.UNTRUSTED_INPUT: "typical"}, False, Risk.MEDIUM, 1),
    (Category.READ, {}, True, Risk.LOW, 1),
    (Category.WRITE, {}, False, Risk.MEDIUM, 0),
    (Category.WRITE, {Facet.PRIVILEGE: "own"}, False, Risk.MEDIUM, 0),
    (Category.WRITE, {Facet.PRIVILEGE: "others"}, False, Risk.HIGH, 1),
    (Category.WRITE, {Facet.REVERSIBILITY: "irreversible"}, False, Risk.MEDIUM, 0),
    (Category.WRITE, {Facet.REVERSIBILITY: "irreversible", Facet.BLAST_RADIUS: "bulk"}, False, Risk.HIGH, 1),
    (Category.WRITE, {}, True, Risk.LOW, 1),
    (Category.EXECUTE, {}, False, Risk.HIGH, 0),
    (Category.EXECUTE, {Facet.CODE_EXECUTION: "constrained"}, False, Risk.HIGH, 0),
    (Category.EXECUTE, {Facet.CODE_EXECUTION: "arbitrary"}, False, Risk.CRITICAL, 1),
    (Category.EXECUTE, {}, True, Risk.MEDIUM, 1),
    (Category.DESTRUCTIVE, {}, False, Risk.CRITICAL, 0),
    (Category.DESTRUCTIVE, {Facet.REVERSIBILITY: "recoverable"}, False, Risk.HIGH, 1),
    (Category.DESTRUCTIVE, {Facet.REVERSIBILITY: "recoverable", Facet.BLAST_RADIUS: "bulk"}, False, Risk.CRITICAL, 0),
    (Category.FINANCIAL, {}, False, Risk.CRITICAL, 0),
    (Category.FINANCIAL, {}, True, Risk.HIGH, 1),
]


@pytest.mark.parametrize(("category", "values", "simulated", "risk", "moves"), ROWS)
def test_risk_follows_the_table(
    category: Category, values: dict[Facet, str], *, simulated: bool, risk: Risk, moves: int
) -> None:
    facets = {facet: FacetValue(values.get(facet, FACET_VALUES[facet][0])) for facet in Facet}
    found, made = assess_risk(category, facets, simulated=simulated)
    assert found is risk
    assert len(made) == moves
    assert all(move.reason.endswith(".") for move in made)
