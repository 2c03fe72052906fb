"""Questions people ask about a tool, answered with facts from its assessment and its recommendation only."""

from catalog.records import Assessment
from catalog.vocabulary import Facet, Risk
from policy.recommendation import Recommendation
from site_builder.foreign_text import show_line, show_text
from site_builder.parts import Question
from site_builder.wording import (
    CATEGORY_MEANS,
    FACET_VALUE,
    NOT_ANALYSED_MEANS,
    RISK_MEANS,
    decision_words,
    percent,
    plural,
)


def answer_questions(name: str, assessment: Assessment | None, recommendation: Recommendation) -> tuple[Question, ...]:
    """Answer what people ask of the tool called `name`; for one that was not analysed, only what is known."""
    subject = show_line(name, 80)
    allowed = Question(
        f"May an agent call {subject} on its own?",
        f"Recommended: {decision_words(recommendation)}. {_as_sentences(recommendation.reasons)}",
    )
    if assessment is None:
        return (Question(f"What can {subject} do?", NOT_ANALYSED_MEANS), allowed)
    return (
        Question(
            f"What can {subject} do?",
            f"{assessment.category}. {CATEGORY_MEANS[assessment.category]} {show_text(assessment.rationale, 600)}",
        ),
        Question(f"How risky is {subject}?", _risk_answer(assessment)),
        allowed,
        Question(f"Can a call of {subject} be undone?", _undo_answer(assessment)),
        Question("How sure is this verdict?", _confidence_answer(assessment)),
    )


def _risk_answer(assessment: Assessment) -> str:
    risk: Risk = assessment.risk
    moves = "; ".join(f"{show_line(move.reason, 200)} ({move.delta:+d})" for move in assessment.moves)
    base = f"{risk}. {RISK_MEANS[risk]} The base risk of {assessment.category} is {assessment.base_risk}"
    return f"{base}; it was moved: {moves}." if moves else f"{base}, and nothing moved it."


def _undo_answer(assessment: Assessment) -> str:
    facet = assessment.facets.get(Facet.REVERSIBILITY)
    value = facet.value if facet else "unknown"
    words = FACET_VALUE[Facet.REVERSIBILITY].get(value, value)
    return f"{words}."


def _confidence_answer(assessment: Assessment) -> str:
    if assessment.override is not None:
        changed = " The definition has changed since; it should be looked at again." if assessment.needs_review else ""
        return f"{show_line(assessment.override.reviewer, 80)} reviewed it, and a person's verdict stands.{changed}"
    quotes = plural(len(assessment.evidence), "quote") + " from the definition"
    second = percent(assessment.probabilities.get(assessment.second_choice, 0.0))
    review = " It should be checked by a person." if assessment.needs_review else ""
    return (
        f"Confidence {percent(assessment.confidence)}, resting on {quotes}. "
        f"The second choice is {assessment.second_choice} ({second}).{review}"
    )


def _as_sentences(reasons: tuple[str, ...]) -> str:
    return " ".join([f"{reason[:1].upper()}{reason[1:].rstrip('.')}." for reason in reasons])
