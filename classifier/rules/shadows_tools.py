"""Rule shadows-tools: does the text say how calls of another tool or server are to be made?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

_TAKEOVER = (
    r"\b(?:when|whenever|each time|every time|before|if) (?:you |the agent |the user )?(?:\w+ ){0,3}"
    r"(?:uses?|calls?|invokes?|sends? (?:an? )?(?:e-?mail|message)|using|calling|sending|is (?:used|called|available))"
    r"[^.\n]{0,80}\b(?:change|replace|set|add|use|send|redirect|bcc|forward|also send) (?:\w+ ){0,5}"
    r"(?:bcc|recipients?|to address|destination|amount|account number|address to|it to|them to) "
    r"[^.\n]{0,40}(?:@[\w.-]{3,}|0x[0-9a-f]{6,}|https?://)"
)
TAKEOVERS = re.compile(_TAKEOVER.replace(" ", r"\s+"))

SIGNALS = ("bcc", "recipient", "to address", "account number", "address to")


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    yield from search_texts(view, TAKEOVERS)


RULE = Rule(
    id="shadows-tools",
    title="Changes how other tools are used",
    question="Does the text say how calls of another tool or server are to be made?",
    says=Threat("shadows other tools"),
    severity=Severity.HIGH,
    rationale="A tool has no business in the parameters of another; such a text takes over calls that the user trusts.",
    remediation="Do not use the server beside others; tell its maker.",
    search=search,
    signals=SIGNALS,
    references=("Invariant Labs: tool poisoning attacks",),
)
