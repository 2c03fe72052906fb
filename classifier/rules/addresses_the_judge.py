"""Rule addresses-the-judge: does the text ask to be taken for safe or read-only?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.view import TEXT_LIMIT, ToolView
from classifier.words import lowered

# "Mark it as read" is ordinary talk about mail, so marking is no plea.
_PLEA = (
    r"\b(?:(?:classify|label|rate|categori[sz]e|treat|consider|judge|score) (?:this|it|me)(?: tool| function)?"
    r"|classify|categori[sz]e) (?:as|to be) (?:a )?"
    r"(?:read|read-only|safe|harmless|low|benign|non-destructive|trusted)\b"
)
PLEAS = re.compile(_PLEA.replace(" ", r"\s+"))


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    for field, text in view.prose_texts():
        yield from (Passage(field, *found.span()) for found in PLEAS.finditer(lowered(text[:TEXT_LIMIT])))


RULE = Rule(
    id="addresses-the-judge",
    title="Tells others how to judge it",
    question="Does the text ask to be taken for safe or read-only?",
    says=Threat("addresses the judge"),
    severity=Severity.MEDIUM,
    rationale=(
        "What a tool does is seen from what it does; a plea to be rated in some way is no evidence and "
        "hints at the opposite."
    ),
    remediation="Read the rest of the definition as if the sentence were not there.",
    search=search,
    signals=("as", "to be"),
)
