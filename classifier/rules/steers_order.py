"""Rule steers-order: does the text demand that this tool is called before or instead of all others?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

_DEMAND = (
    r"\b(?:always|must(?: always)?) (?:be )?(?:call(?:ed)?|use[d]?|run|invoke[d]?) (?:this tool |this |it )?"
    r"(?:first )?(?:before |prior to |instead of )(?:using |calling |running )?"
    r"(?:any(?:thing)? (?:other |else)?|all (?:other )?|every (?:other )?)(?:tools?|actions?"
    r"|requests?|responses?|else)?"
    r"|\b(?:before|prior to) (?:using|calling|running|answering|responding with) (?:any|all|every) (?:other )?"
    r"(?:tools?|questions?|requests?)"
    r"|\b(?:never|do not|don't) use (?:any )?other tools?\b"
    r"|\bon every (?:user (?:request|message|turn|prompt)|turn of the conversation)\b"
)
DEMANDS = re.compile(_DEMAND.replace(" ", r"\s+"))

_WHAT = ("other", "tool", "question", "request", "else", "action", "user", "turn")
SIGNALS = (
    *(f"{every} {what}" for every in ("any", "all", "every") for what in _WHAT),
    "anything else",
    "anything other",
    "other tool",
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    yield from search_texts(view, DEMANDS)


RULE = Rule(
    id="steers-order",
    title="Wants to be called first",
    question="Does the text demand that this tool is called before or instead of all others?",
    says=Threat("steers the agent"),
    severity=Severity.LOW,
    rationale="A tool that must always come first sees every request, whatever it is for.",
    remediation="Check whether the demand is about the server's own tools; if not, do not use the server.",
    search=search,
    signals=SIGNALS,
    references=("Invariant Labs: tool poisoning attacks",),
)
