"""The judgement: definitions in, assessments out, in batches; deterministic, and pure but for reading the model once.

Not a policy: what to do about a tool is for the policy package.
"""

from collections.abc import Iterable, Mapping, Sequence

from catalog.records import Assessment, Evidence, FacetValue, Finding, Override, ServerContext, ToolDefinition
from catalog.vocabulary import BASE_RISK, Category, Severity
from classifier.evidence import Quotes
from classifier.facets import read_facets
from classifier.features import Features, read_features
from classifier.hints import find_contradictions
from classifier.model import Model, load_model, predict
from classifier.modes import read_modes
from classifier.rationale import explain, explain_override
from classifier.risk import assess_risk
from classifier.rule import Hit, Threat
from classifier.rules import ENGINE
from classifier.verdict import Verdict, decide, overrule
from classifier.view import ToolView

REVIEW_BELOW = 0.6  # a verdict less likely than this wants a person's look
GRAVE_DOUBT = 0.25  # so does one beside which a stronger category is this likely
WITHOUT_DESCRIPTION = 0.85  # what is known of a tool without a description is worth this much
_EVIDENCE_LIMIT = 8
_FINDING_LIMIT = 20
_THREAT_CONFIDENCE = {Severity.HIGH: 0.9, Severity.MEDIUM: 0.7, Severity.LOW: 0.6, Severity.INFO: 0.5}
_PRECEDENCE = {category: at for at, category in enumerate(Category)}
_NO_OVERRIDES: Mapping[int, Override] = {}


def assess_tools(
    items: Sequence[tuple[ToolDefinition, ServerContext]], overrides: Mapping[int, Override] = _NO_OVERRIDES
) -> list[Assessment]:
    """Assess tools, each with its server; answers stand in the order of `items`.

    `overrides` are people's verdicts by the number of their item. Raises ArtifactError when the trained model is
    missing or damaged.
    """
    model = load_model()
    views = [ToolView(definition, server) for definition, server in items]
    hits = [ENGINE.ask(view) for view in views]
    features = [read_features(view, found) for view, found in zip(views, hits, strict=True)]
    rows = predict(model, features).tolist()
    return [
        assess_scored(view, hits[at], features[at], rows[at], model, overrides.get(at)) for at, view in enumerate(views)
    ]


def assess_scored(
    view: ToolView,
    hits: list[Hit],
    features: Features,
    row: list[float],
    model: Model,
    override: Override | None = None,
) -> Assessment:
    """Assess one tool whose category probabilities are known: `row` has them in the order of `Category`."""
    verdict = decide(view, hits, row)
    if override is not None:
        verdict = overrule(verdict, override.category)
    category = verdict.category
    quotes = Quotes(view)
    facets = read_facets(quotes, hits, category)
    marks = {hit.rule.id for hit in hits}
    simulated = "only-simulates" in marks and "addresses-the-judge" not in marks
    risk, moves = assess_risk(category, facets, simulated=simulated)
    evidence = _evidence(quotes, hits, features, category, model)
    confidence = _confidence(view, verdict, override)
    return Assessment(
        category=category,
        second_choice=verdict.second_choice,
        probabilities=verdict.probabilities,
        confidence=confidence,
        facets=facets,
        base_risk=BASE_RISK[category],
        risk=risk,
        moves=moves,
        evidence=_with_facets(evidence, facets.values()),
        rationale=explain_override(verdict, override)
        if override
        else explain(view, hits, verdict, evidence, moves, risk),
        findings=_findings(quotes, hits, category, confidence, evidence),
        needs_review=_needs_review(view, verdict, confidence, override),
        override=override,
        modes=read_modes(view, hits),
    )


def _confidence(view: ToolView, verdict: Verdict, override: Override | None) -> float:
    if override is not None:
        return 1.0
    confidence = verdict.probabilities[verdict.category]
    return confidence if view.definition.description else confidence * WITHOUT_DESCRIPTION


def _evidence(
    quotes: Quotes, hits: Sequence[Hit], features: Features, category: Category, model: Model
) -> tuple[Evidence, ...]:
    own = quotes.strongest(hits, category)
    return tuple(own) or (quotes.of_model(features, model, category),)


def _with_facets(evidence: Sequence[Evidence], facets: Iterable[FacetValue]) -> tuple[Evidence, ...]:
    found = list(evidence)
    for facet in facets:
        if facet.evidence is not None and facet.evidence not in found:
            found.append(facet.evidence)
    return tuple(found[:_EVIDENCE_LIMIT])


def _findings(
    quotes: Quotes, hits: Sequence[Hit], category: Category, confidence: float, evidence: tuple[Evidence, ...]
) -> tuple[Finding, ...]:
    found = [
        _finding(hit, quotes.of(hit))
        for hit in hits
        if isinstance(hit.rule.says, Threat) and hit.rule.severity is not Severity.INFO
    ]
    if quotes.view.hints:
        found += find_contradictions(quotes.view, category, confidence, evidence)
    return tuple(found[:_FINDING_LIMIT])


def _finding(hit: Hit, quote: Evidence) -> Finding:
    rule = hit.rule
    hidden = rule.decode(quote.quote) if rule.decode else ""
    says = f"{rule.title}; they spell “{hidden}”" if hidden else rule.title
    return Finding(rule.id, says, rule.severity, _THREAT_CONFIDENCE[rule.severity], quote)


def _needs_review(view: ToolView, verdict: Verdict, confidence: float, override: Override | None) -> bool:
    if override is not None:
        return override.digest != view.definition.digest()
    graver = max(
        (chance for category, chance in verdict.probabilities.items() if _PRECEDENCE[category] > verdict.precedence),
        default=0.0,
    )
    return confidence < REVIEW_BELOW or graver >= GRAVE_DOUBT or verdict.held_by is not None
