"""The judgement: definitions in, assessments out, in batches; deterministic, and pure but for reading the model once.

Not a policy: what to do about a tool is for the policy package.
"""

from collections.abc import Sequence

from catalog.records import Assessment, Evidence, FacetValue, Finding, ServerContext, ToolDefinition
from catalog.vocabulary import BASE_RISK, Category, Severity
from classifier.evidence import quote_hit, quote_model, strongest_first
from classifier.facets import read_facets
from classifier.features import read_features
from classifier.model import Model, load_model, predict
from classifier.rationale import explain
from classifier.risk import assess_risk
from classifier.rule import Hit, Threat
from classifier.rules import ask_rules
from classifier.verdict import Verdict, decide
from classifier.view import ToolView, view_tool

REVIEW_BELOW = 0.6  # a verdict less likely than this wants a person's look
GRAVE_DOUBT = 0.25  # so does one beside which a stronger category is this likely
WITHOUT_DESCRIPTION = 0.85  # what is known of a tool without a description is worth this much
_EVIDENCE_LIMIT = 8
_FINDING_LIMIT = 20
_THREAT_CONFIDENCE = {Severity.HIGH: 0.9, Severity.MEDIUM: 0.7, Severity.LOW: 0.6, Severity.INFO: 0.5}
_PRECEDENCE = {category: at for at, category in enumerate(Category)}


def assess_tools(items: Sequence[tuple[ToolDefinition, ServerContext]]) -> list[Assessment]:
    """Assess tools, each with its server; answers stand in the order of `items`.

    Raises ArtifactError when the trained model is missing or damaged.
    """
    model = load_model()
    views = [view_tool(definition, server) for definition, server in items]
    hits = [ask_rules(view) for view in views]
    features = [read_features(view, found) for view, found in zip(views, hits, strict=True)]
    probabilities = predict(model, features)
    return [
        _assess(view, found, seen, decide(view, found, row), model)
        for view, found, seen, row in zip(views, hits, features, probabilities.tolist(), strict=True)
    ]


def _assess(
    view: ToolView, hits: tuple[Hit, ...], features: frozenset[str], verdict: Verdict, model: Model
) -> Assessment:
    category = verdict.category
    facets = read_facets(view, hits, category)
    simulated = any(hit.rule.id == "only-simulates" for hit in hits)
    pleading = any(hit.rule.id == "addresses-the-judge" for hit in hits)
    risk, moves = assess_risk(category, facets, simulated=simulated and not pleading)
    evidence = _evidence(view, hits, features, category, model)
    confidence = verdict.probabilities[category]
    if not view.definition.description:
        confidence *= WITHOUT_DESCRIPTION
    return Assessment(
        category=category,
        second_choice=verdict.second_choice,
        probabilities=verdict.probabilities,
        confidence=confidence,
        facets=facets,
        base_risk=BASE_RISK[category],
        risk=risk,
        moves=moves,
        evidence=_with_facets(evidence, list(facets.values())),
        rationale=explain(view, strongest_first(hits), verdict, evidence),
        findings=_findings(view, hits),
        needs_review=_needs_review(verdict, confidence),
    )


def _evidence(
    view: ToolView, hits: Sequence[Hit], features: frozenset[str], category: Category, model: Model
) -> tuple[Evidence, ...]:
    own = strongest_first([hit for hit in hits if hit.rule.says is category])
    quotes = {(hit.mention, hit.rule.id): quote_hit(view, hit) for hit in own}
    return tuple(quotes.values())[:4] or (quote_model(view, features, model, category),)


def _with_facets(evidence: Sequence[Evidence], facets: Sequence[FacetValue]) -> tuple[Evidence, ...]:
    quoted = [facet.evidence for facet in facets if facet.evidence is not None]
    return tuple(dict.fromkeys([*evidence, *quoted]))[:_EVIDENCE_LIMIT]


def _findings(view: ToolView, hits: Sequence[Hit]) -> tuple[Finding, ...]:
    threats = [hit for hit in hits if isinstance(hit.rule.says, Threat) and hit.rule.severity is not Severity.INFO]
    return tuple(
        Finding(
            hit.rule.id,
            hit.rule.title,
            hit.rule.severity,
            _THREAT_CONFIDENCE[hit.rule.severity],
            quote_hit(view, hit),
        )
        for hit in threats[:_FINDING_LIMIT]
    )


def _needs_review(verdict: Verdict, confidence: float) -> bool:
    graver = max(
        (
            probability
            for category, probability in verdict.probabilities.items()
            if _PRECEDENCE[category] > _PRECEDENCE[verdict.category]
        ),
        default=0.0,
    )
    return confidence < REVIEW_BELOW or graver >= GRAVE_DOUBT or verdict.held_by is not None
