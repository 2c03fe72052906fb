"""What a definition declares about itself beside what its assessment infers.

Not evidence: a declared hint was weighed by the classifier; here the two are only compared.
"""

from dataclasses import dataclass
from functools import cache

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import HINTS
from classifier.hints import infer_hints
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
    inferred = {} if assessment is None else infer_hints(assessment.category, assessment.facets)
    return tuple(_compare(name, definition.annotations.get(name), inferred.get(name)) for name in HINTS)


def _compare(name: str, declared: object, inferred: bool | None) -> HintComparison:  # noqa: FBT001  a value, not a flag
    if declared is None or isinstance(declared, bool):
        return _compare_values(name, declared, inferred)
    agreement = "Cannot be compared"
    return HintComparison(name, _words(declared, ""), _words(inferred, "open"), agreement, contradicts=False)


@cache  # of 36 at most
def _compare_values(name: str, declared: bool | None, inferred: bool | None) -> HintComparison:  # noqa: FBT001
    contradicts = declared is not None and inferred is not None and declared is not inferred
    if declared is None:
        agreement = "Not declared"
    elif inferred is None:
        agreement = "Cannot be compared"
    else:
        agreement = "Contradicts" if contradicts else "Agrees"
    return HintComparison(name, _words(declared, "not declared"), _words(inferred, "open"), agreement, contradicts)


def _words(value: object, absent: str) -> str:
    if value is None:
        return absent
    if isinstance(value, bool):
        return "true" if value else "false"
    # Nothing nested is printed: str() of a deep structure recurses as deep as a stranger likes.
    return show_line(value, 80) if isinstance(value, str) else "not true or false"
