"""What a definition declares about itself beside what its assessment infers.

Not evidence: a declared hint was weighed by the classifier; here the two are only compared.
"""

from dataclasses import dataclass

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import HINTS, Category, Facet
from site_builder.foreign_text import show_line


@dataclass(frozen=True, slots=True)
class HintComparison:
    """One hint: what was declared, what the assessment infers, and whether the two agree."""

    name: str
    declared: str
    inferred: str
    agreement: str
    contradicts: bool


def compare_hints(definition: ToolDefinition, assessment: Assessment | None) -> tuple[HintComparison, ...]:
    """Compare the four hints of the protocol, in its order."""
    return tuple(_compare(name, definition.annotations.get(name), assessment) for name in HINTS)


def _compare(name: str, declared: object, assessment: Assessment | None) -> HintComparison:
    inferred = None if assessment is None else _infer(name, assessment)
    contradicts = isinstance(declared, bool) and inferred is not None and declared is not inferred
    if declared is None:
        agreement = "Not declared"
    elif inferred is None or not isinstance(declared, bool):
        agreement = "Cannot be compared"
    else:
        agreement = "Contradicts" if contradicts else "Agrees"
    return HintComparison(name, _words(declared, "not declared"), _words(inferred, "open"), agreement, contradicts)


def _infer(name: str, assessment: Assessment) -> bool | None:
    category = assessment.category
    if name == "readOnlyHint":
        return category is Category.READ
    if name == "destructiveHint":
        return _infer_destructive(assessment)
    if name == "openWorldHint":
        return _infer_open_world(assessment)
    return None  # whether a repeated call changes more is not assessed


def _infer_destructive(assessment: Assessment) -> bool | None:
    if assessment.category is Category.DESTRUCTIVE:
        return True
    # A write may overwrite and a command may delete: only a read is sure not to.
    return False if assessment.category is Category.READ else None


def _infer_open_world(assessment: Assessment) -> bool | None:
    egress = assessment.facets.get(Facet.EGRESS)
    strangers = assessment.facets.get(Facet.UNTRUSTED_INPUT)
    if (egress and egress.value in ("third_party", "arbitrary")) or (strangers and strangers.value == "typical"):
        return True
    return None


def _words(value: object, absent: str) -> str:
    if value is None:
        return absent
    if isinstance(value, bool):
        return "true" if value else "false"
    # Nothing nested is printed: str() of a deep structure recurses as deep as a stranger likes.
    return show_line(value, 80) if isinstance(value, str) else "not true or false"
