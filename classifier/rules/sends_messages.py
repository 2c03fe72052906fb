"""Rule sends-messages: does it send or post something to people?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CHAIN, MESSAGES, MONEY, SENDING
from classifier.rule import Rule, acts

TALKING = frozenset({"reply", "comment", "notify", "tweet", "forward", "post"})

RULE = Rule(
    id="sends-messages",
    title="Sends messages",
    question="Does it send or post something to people?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="What was sent has been read: sending creates something that cannot be taken back.",
    remediation="Ask before each call, or allow only known recipients.",
    patterns=(
        acts(SENDING, MESSAGES, unless=MONEY | CHAIN),
        acts(TALKING, unless=MONEY | CHAIN),
    ),
)
