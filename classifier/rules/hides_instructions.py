"""Rule hides-instructions: does the text order the agent to ignore instructions or to keep things from the user?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.view import TEXT_LIMIT, ToolView
from classifier.words import lowered

ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all |any |the |your )?(?:previous|prior|earlier|above|other) "
    r"(?:instructions?|prompts?|rules|directions|messages)"
    r"|\b(?:do not|don't|never|must not) (?:ever )?(?:tell|inform|alert|notify|let) "
    r"(?:the )?user (?:that|about|know|of) (?:you|this|it|the tool)\b"
    r"|\bwithout (?:telling|informing|notifying|alerting) the user\b"
    r"|\b(?:hide|conceal|keep) (?:this|it) (?:secret )?from the user\b".replace(" ", r"\s+")
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    for field, text in view.prose_texts():
        yield from (Passage(field, *found.span()) for found in ORDERS.finditer(lowered(text[:TEXT_LIMIT])))


RULE = Rule(
    id="hides-instructions",
    title="Speaks past the user",
    question="Does the text order the agent to ignore instructions or to keep things from the user?",
    says=Threat("hidden instructions"),
    severity=Severity.HIGH,
    rationale=("A definition describes a tool; orders to ignore others or to keep silent serve somebody else."),
    remediation="Do not use the server until its maker has explained the text.",
    search=search,
    signals=("user", "instruction", "prompt", "rules"),
    references=("OWASP Top 10 for LLM Applications: LLM01 Prompt Injection",),
)
