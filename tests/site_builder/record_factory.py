"""Servers and tools as the catalog would hold them, made from a few words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog.records import (
    Assessment,
    CatalogServer,
    CatalogTool,
    Evidence,
    FacetValue,
    Finding,
    Origin,
    RiskMove,
    ToolDefinition,
)
from catalog.vocabulary import BASE_RISK, Category, Facet, Outcome, Risk

LOOKED_AT = "2026-11-18T09:30:00+00:00"
QUIET_FACETS = {
    Facet.REVERSIBILITY: "none_needed",
    Facet.EGRESS: "none",
    Facet.UNTRUSTED_INPUT: "none",
    Facet.SENSITIVE_DATA: "none",
    Facet.PRIVILEGE: "none",
    Facet.MONEY: "none",
    Facet.CODE_EXECUTION: "none",
    Facet.BLAST_RADIUS: "item",
}
_SAYS = {
    Category.READ: "it only gives something back",
    Category.WRITE: "something is created, changed or sent",
    Category.EXECUTE: "something is made to run",
    Category.DESTRUCTIVE: "something is lost",
    Category.FINANCIAL: "money moves",
}


def make_assessment(
    definition: ToolDefinition,
    category: Category,
    quote: str,
    facets: Mapping[Facet, str] | None = None,
    moves: Sequence[RiskMove] = (),
    confidence: float = 0.93,
    findings: tuple[Finding, ...] = (),
) -> Assessment:
    levels = list(Risk)
    at = levels.index(BASE_RISK[category]) + sum(move.delta for move in moves)
    evidence = _find_quote(definition, quote, _SAYS[category])
    others = [one for one in Category if one is not category]
    rest = (1 - confidence) / 10
    shares = {category: confidence, **dict(zip(others, (rest * 6, rest * 2, rest, rest), strict=True))}
    return Assessment(
        category=category,
        second_choice=others[0],
        probabilities=shares,
        confidence=confidence,
        facets={
            facet: FacetValue(value, evidence if facet in (facets or {}) else None)
            for facet, value in {**QUIET_FACETS, **(facets or {})}.items()
        },
        base_risk=BASE_RISK[category],
        risk=levels[min(max(at, 0), 3)],
        moves=tuple(moves),
        evidence=(evidence,) if quote else (),
        rationale=f"The definition says “{quote}”: {_SAYS[category]}." if quote else "Judged by its words as a whole.",
        findings=findings,
        needs_review=confidence < 0.6,
    )


def make_tool(
    name: str,
    description: str | None,
    category: Category | None,
    quote: str = "",
    *,
    slug: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    required: Sequence[str] = (),
    annotations: Mapping[str, Any] | None = None,
    line: int = 12,
    **judged: Any,
) -> CatalogTool:
    definition = ToolDefinition(
        name=name,
        description=description,
        input_schema={"type": "object", "properties": dict(parameters or {}), "required": list(required)},
        annotations=dict(annotations or {}),
        origin=Origin("src/tools.py", line, "decorated function"),
    )
    assessment = make_assessment(definition, category, quote, **judged) if category else None
    return CatalogTool(slug or name, definition, assessment, LOOKED_AT)


def make_server(slug: str, tools: Iterable[CatalogTool] = (), **changes: Any) -> CatalogServer:
    server = CatalogServer(
        slug=slug,
        name=slug,
        title=None,
        description=None,
        version="1.4.2",
        registry="npm",
        target=f"npm:{slug}@1.4.2",
        repository=f"https://git.example.org/{slug}",
        homepage=f"https://{slug}.example.org/",
        licence="MIT",
        commit=None,
        digest="7d5a" * 16,
        looked_at=LOOKED_AT,
        outcome=Outcome.COMPLETE,
        reasons=(),
        tools=tuple(sorted(tools, key=lambda tool: tool.definition.name)),
    )
    return replace(server, **changes)


def _find_quote(definition: ToolDefinition, quote: str, says: str) -> Evidence:
    start = (definition.description or "").find(quote)
    assert start >= 0, f"{quote!r} is not in the description"
    return Evidence("description", quote, says, start, start + len(quote), "words")
