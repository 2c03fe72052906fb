"""Rule hides-instructions: does the text order the agent to ignore instructions or to keep things from the user?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

ORDERS = re.compile(
    (
        r"\b(?:ignore|disregard|forget|override) (?:all |any |the |your )?(?:of (?:the|your) )?"
        r"(?:previous|prior|earlier|above|other|existing) (?:instructions?|prompts?|rules|directions"
        r"|messages|guidelines)"
        r"|\b(?:do not|don't|never|must not) (?:ever )?(?:tell|inform|alert|notify|mention)(?: this)?(?: to)? "
        r"(?:the )?user (?:that|about|of|anything about) (?:you|this|it|the tool|these|doing)\b"
        r"|\b(?:do not|don't|never|must not) (?:ever )?mention (?:this|it|these|the side) (?:\w+ ){0,4}to the user\b"
        r"|\bwithout (?:telling|informing|notifying|alerting|asking) the user (?:about|that|of) (?:this|it|you|the)\b"
        r"|\b(?:hide|conceal|keep) (?:this|it|these) (?:\w+ ){0,2}(?:secret |hidden )?from the user\b"
    ).replace(" ", r"\s+")
    + r"|<(?:important|system|secret|hidden)>|\[(?:system|/?inst)\]|<\|im_start\|>|<\|system\|>"
)

_OTHERS = ("previous", "prior", "earlier", "above", "other", "existing")
_ORDERING = ("instruction", "prompt", "rules", "direction", "message", "guideline")
SIGNALS = (
    *(f"{other} {order}" for other in _OTHERS for order in _ORDERING),
    "tell the user",
    "tell user",
    "inform the user",
    "inform user",
    "alert the user",
    "notify the user",
    "mention the user",
    "mention this",
    "mention it",
    "mention these",
    "mention the side",
    "telling the user",
    "informing the user",
    "notifying the user",
    "alerting the user",
    "asking the user",
    "from the user",
    "<important>",
    "<system>",
    "<secret>",
    "<hidden>",
    "[system]",
    "[inst]",
    "[/inst]",
    "<|im_start|>",
    "<|system|>",
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    yield from search_texts(view, ORDERS)


RULE = Rule(
    id="hides-instructions",
    title="Speaks past the user",
    question="Does the text order the agent to ignore instructions or to keep things from the user?",
    says=Threat("hidden instructions"),
    severity=Severity.HIGH,
    rationale="A definition describes a tool; orders to ignore others or to keep silent serve somebody else.",
    remediation="Do not use the server until its maker has explained the text.",
    search=search,
    signals=SIGNALS,
    references=(
        "OWASP Top 10 for LLM Applications: LLM01 Prompt Injection",
        "Invariant Labs: tool poisoning attacks",
    ),
)
