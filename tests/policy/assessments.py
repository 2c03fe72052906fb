"""Assessments to recommend from: of a category, with facets, moves and modes as a test wants them."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.records import Assessment, Evidence, FacetValue, Finding, Mode, RiskMove, ToolDefinition
from catalog.vocabulary import BASE_RISK, FACET_VALUES, Category, Facet, Risk, Severity

QUOTE = Evidence("description", "ignore", "says so", 0, 6, "hides-instructions")
THREAT = Finding("hides-instructions", "Hides instructions", Severity.HIGH, 0.9, QUOTE)


def assessed(
    category: Category,
    *,
    delta: int = 0,
    facets: Mapping[Facet, str] | None = None,
    modes: Sequence[tuple[str, Category | None]] = (),
    shares: Mapping[Category, float] | None = None,
    findings: tuple[Finding, ...] = (),
) -> Assessment:
    values = {facet: FacetValue((facets or {}).get(facet, FACET_VALUES[facet][0])) for facet in Facet}
    levels = list(Risk)
    risk = levels[min(max(levels.index(BASE_RISK[category]) + delta, 0), len(levels) - 1)]
    return Assessment(
        category=category,
        second_choice=Category.READ,
        probabilities={one: (shares or {category: 1.0}).get(one, 0.0) for one in Category},
        confidence=1.0,
        facets=values,
        base_risk=BASE_RISK[category],
        risk=risk,
        moves=(RiskMove(delta, "because"),) if delta else (),
        evidence=(),
        rationale="",
        findings=findings,
        modes=tuple(Mode("action", choice, one) for choice, one in modes),
    )


def defined(name: str, description: str = "", required: Sequence[str] = (), **properties: Any) -> ToolDefinition:
    """Define a tool whose parameters have the JSON types given, or the schemas."""
    nodes = {key: {"type": value} if isinstance(value, str) else value for key, value in properties.items()}
    return ToolDefinition(
        name, description=description, input_schema={"type": "object", "properties": nodes, "required": list(required)}
    )
