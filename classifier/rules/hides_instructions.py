"""Rule hides-instructions: does the text order the agent to ignore instructions or to keep things from the user?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Mention
from classifier.rule import Rule, Threat
from classifier.view import ToolView

ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all |any |the |your )?(?:previous|prior|earlier|above|other) "
    r"(?:instructions?|prompts?|rules|directions|messages)"
    r"|\b(?:do not|don't|never|must not) (?:ever )?(?:tell|inform|alert|notify|let) "
    r"(?:the )?user (?:that|about|know|of) (?:you|this|it|the tool)\b"
    r"|\bwithout (?:telling|informing|notifying|alerting) the user\b"
    r"|\b(?:hide|conceal|keep) (?:this|it) (?:secret )?from the user\b".replace(" ", r"\s+")
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    for field, _text, lower in view.prose_texts():
        if "user" in lower or "instruction" in lower or "prompt" in lower:
            yield from (Mention(field, found.start(), found.end()) for found in ORDERS.finditer(lower))


RULE = Rule(
    id="hides-instructions",
    title="Speaks past the user",
    question="Does the text order the agent to ignore instructions or to keep things from the user?",
    says=Threat("hidden instructions"),
    severity=Severity.HIGH,
    rationale=("A definition describes a tool; orders to ignore others or to keep silent serve somebody else."),
    remediation="Do not use the server until its maker has explained the text.",
    check=check,
    references=("OWASP Top 10 for LLM Applications: LLM01 Prompt Injection",),
)
