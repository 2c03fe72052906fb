"""Rule decides-request: does it approve or reject a review, a request or a ticket?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import APPROVING, CHAIN, MONEY
from classifier.rule import Rule, acts

RULE = Rule(
    id="decides-request",
    title="Decides on a request",
    question="Does it approve or reject a review, a request or a ticket?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="A decision in somebody's name is recorded; others act on it.",
    remediation="Ask before each call.",
    patterns=(acts(APPROVING, unless=MONEY | CHAIN),),
    narrows=True,
)
