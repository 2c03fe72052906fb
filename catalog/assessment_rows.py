"""An assessment as the columns of its row, and back; nothing else knows how one is laid out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping

from catalog.records import Assessment, Evidence, FacetValue, Finding, Mode, Override, RiskMove
from catalog.vocabulary import Category, Facet, Risk, Severity

# Asking an enumeration for a member, or for all, takes ten times as long as a table: this is done for each tool.
_CATEGORY = {category.value: category for category in Category}
_CATEGORIES = tuple(Category)
_FACETS = tuple(Facet)
_RISK = {risk.value: risk for risk in Risk}


def assessment_columns(assessment: Assessment) -> dict[str, Any]:
    """Lay out an assessment, without its findings, as column values."""
    return {
        "category": assessment.category,
        "risk": assessment.risk,
        "base_risk": assessment.base_risk,
        "second_choice": assessment.second_choice,
        "confidence": assessment.confidence,
        "needs_review": assessment.needs_review,
        "rationale": assessment.rationale,
        "probabilities": [assessment.probabilities[category] for category in Category],
        "facets": {str(facet): _facet_column(value) for facet, value in assessment.facets.items()},
        "moves": [asdict(move) for move in assessment.moves],
        "evidence": [list(astuple(quote)) for quote in assessment.evidence],
        "override": asdict(assessment.override) if assessment.override else None,
        "modes": [list(astuple(mode)) for mode in assessment.modes] or None,
    }


def finding_columns(finding: Finding) -> dict[str, Any]:
    """Lay out a finding as column values."""
    return {
        "rule": finding.rule,
        "says": finding.says,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "evidence": asdict(finding.evidence),
    }


def read_assessment(row: RowMapping, finding_rows: Iterable[RowMapping]) -> Assessment:
    """Make the record again from a row of `assessment` and its rows of `finding`."""
    return Assessment(
        category=_CATEGORY[row["category"]],
        second_choice=_CATEGORY[row["second_choice"]],
        probabilities=dict(zip(_CATEGORIES, row["probabilities"], strict=True)),
        confidence=row["confidence"],
        facets=_facets(row["facets"]),
        base_risk=_RISK[row["base_risk"]],
        risk=_RISK[row["risk"]],
        moves=tuple(RiskMove(**move) for move in row["moves"]),
        evidence=tuple(Evidence(*quote) for quote in row["evidence"]),
        rationale=row["rationale"],
        findings=tuple(_finding(found) for found in finding_rows),
        needs_review=row["needs_review"],
        override=_override(row["override"]) if row["override"] else None,
        modes=tuple(_mode(*stored) for stored in row["modes"] or ()),
    )


def _override(stored: Mapping[str, Any]) -> Override:
    return Override(**{**stored, "category": Category(stored["category"])})


def _mode(parameter: str, choice: str, category: str | None) -> Mode:
    return Mode(parameter, choice, Category(category) if category else None)


def _facet_column(value: FacetValue) -> object:
    # Most facets have no evidence; their value alone keeps a catalog a tenth smaller.
    return asdict(value) if value.evidence else value.value


def _facets(stored: Mapping[str, Any]) -> dict[Facet, FacetValue]:
    held = [stored[facet] for facet in _FACETS]
    values = [_plain_value(one) if isinstance(one, str) else _shown_value(one) for one in held]
    return dict(zip(_FACETS, values, strict=True))


@lru_cache(maxsize=100)
def _plain_value(value: str) -> FacetValue:
    return FacetValue(value)


def _shown_value(stored: Mapping[str, Any]) -> FacetValue:
    return FacetValue(stored["value"], Evidence(**stored["evidence"]))


def _finding(row: RowMapping) -> Finding:
    return Finding(
        rule=row["rule"],
        says=row["says"],
        severity=Severity(row["severity"]),
        confidence=row["confidence"],
        evidence=Evidence(**row["evidence"]),
    )
