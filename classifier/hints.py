"""Declared hints beside what the assessment infers: which contradict it, and what a server's author might declare.

Not a verdict: a hint was weighed in verdict.py, where it may raise a category and never lower it.
"""

from collections.abc import Iterable, Mapping

from catalog.records import Assessment, Evidence, FacetValue, Finding
from catalog.vocabulary import HINTS, Category, Facet, Severity
from classifier.lexicon import CHANGING, CREATING, DELETING, LOOKING, PAYING, REMOVING, RUNNING, SENDING, word_set
from classifier.view import ToolView

RULE_ID = "declared-hint"  # the `rule` of a finding that compares, and is no rule's
SURE = 0.8  # a contradiction is only called one where the verdict is this sure
_SETTING = word_set("set write save put store overwrite")
_COUNTING = word_set("increment decrement append toggle move push rotate")
_REPEATABLE = (CHANGING | DELETING | REMOVING | LOOKING | _SETTING) - _COUNTING
_ADDING = (CREATING | SENDING | RUNNING | PAYING) - _SETTING


def infer_hints(category: Category, facets: Mapping[Facet, FacetValue]) -> dict[str, bool | None]:
    """Say what each hint of the protocol ought to be; None where the assessment leaves it open."""
    values = {facet: found.value for facet, found in facets.items()}
    outward = values.get(Facet.EGRESS) in {"third_party", "arbitrary"} or values.get(Facet.UNTRUSTED_INPUT) == "typical"
    return {
        "readOnlyHint": category is Category.READ,
        "destructiveHint": _infer_destructive(category),
        "idempotentHint": True if category is Category.READ else None,
        "openWorldHint": True if outward else None,
    }


def _infer_destructive(category: Category) -> bool | None:
    if category is Category.DESTRUCTIVE:
        return True
    # A write may overwrite and a command may delete: only a read is sure not to.
    return False if category is Category.READ else None


def suggest_hints(assessment: Assessment, verbs: Iterable[str]) -> dict[str, bool]:
    """Suggest all four hints to the tool's author; where nothing decides, the careful value."""
    inferred = infer_hints(assessment.category, assessment.facets)
    careful = {
        "readOnlyHint": False,
        "destructiveHint": assessment.facets[Facet.REVERSIBILITY].value == "irreversible"
        or assessment.facets[Facet.CODE_EXECUTION].value == "arbitrary",
        "idempotentHint": _is_repeatable(frozenset(verbs)),
        "openWorldHint": False,
    }
    return {hint: careful[hint] if inferred[hint] is None else bool(inferred[hint]) for hint in HINTS}


def _is_repeatable(verbs: frozenset[str]) -> bool:
    return bool(verbs) and verbs <= _REPEATABLE and verbs.isdisjoint(_ADDING)


def find_contradictions(
    view: ToolView, category: Category, confidence: float, evidence: tuple[Evidence, ...]
) -> list[Finding]:
    """Compare the declared hints with the verdict; a finding quotes the hint and tells the words against it."""
    against = f"“{' '.join(evidence[0].quote.split())[:80]}”" if evidence else "the definition"
    found = []
    for hint, declared in view.hints.items():
        claim = _CLAIMS.get((hint, declared))
        if claim is None or category not in claim[0] or confidence < SURE:
            continue
        severity = claim[1]
        says = f"Declared {hint} = {str(declared).lower()}, but {against} speaks for {category.value}."
        field = f"annotations.{hint}"
        text = view.text(field)
        found.append(Finding(RULE_ID, says, severity, confidence, Evidence(field, text, says, 0, len(text), RULE_ID)))
    return found


_CHANGES_THINGS = frozenset(Category) - {Category.READ}
# What a hint claims, the categories that contradict it, and how bad a false claim is. A client that trusts a hint
# asks less: a claim that is too mild matters, one that is too careful hardly does.
_CLAIMS: Mapping[tuple[str, bool], tuple[frozenset[Category], Severity]] = {
    ("readOnlyHint", True): (_CHANGES_THINGS, Severity.MEDIUM),
    ("destructiveHint", False): (frozenset({Category.DESTRUCTIVE}), Severity.MEDIUM),
    ("readOnlyHint", False): (frozenset({Category.READ}), Severity.LOW),
    ("destructiveHint", True): (frozenset({Category.READ}), Severity.LOW),
}
