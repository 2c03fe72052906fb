"""Rule addresses-the-judge: does the text ask to be taken for safe or read-only?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

_PLEA = (
    r"\b(?:(?:classify|label|rate|categori[sz]e|treat|consider|judge|score) (?:this|it|me)(?: tool| function)?"
    r"|classify|categori[sz]e) (?:as|to be) (?:a )?"
    r"(?:read|read-only|safe|harmless|low|benign|non-destructive|trusted)\b"
    r"|\bthis tool is (?:always |completely |totally |entirely )?(?:safe|harmless|benign|trusted)"
    r"(?: and (?:read-only|harmless|safe))?,? (?:so )?(?:no (?:approval|confirmation|review)"
    r"|always allow|auto-?approve)"
    r"|\b(?:no (?:approval|confirmation|review)|approval|confirmation) (?:is )?(?:ever )?(?:not )?"
    r"(?:needed|required|necessary) (?:by|from) (?:scanners?|classifiers?|security|policy)"
)
PLEAS = re.compile(_PLEA.replace(" ", r"\s+"))

_RATINGS = ("read", "safe", "harmless", "low", "benign", "non-destructive", "trusted")
SIGNALS = (
    *(f"{way} {rating}" for way in ("as", "as a", "to be", "to be a") for rating in _RATINGS),
    "always allow",
    "auto-approve",
    "autoapprove",
    "no approval",
    "no confirmation",
    "no review",
    "by scanner",
    "from scanner",
    "by classifier",
    "from classifier",
    "by security",
    "from security",
    "by policy",
    "from policy",
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    yield from search_texts(view, PLEAS)


RULE = Rule(
    id="addresses-the-judge",
    title="Tells others how to judge it",
    question="Does the text ask to be taken for safe or read-only?",
    says=Threat("addresses the judge"),
    severity=Severity.MEDIUM,
    rationale=(
        "What a tool does is seen from what it does; a plea to be rated in some way is no evidence "
        "and hints at the opposite."
    ),
    remediation="Read the rest of the definition as if the sentence were not there.",
    search=search,
    signals=SIGNALS,
)
