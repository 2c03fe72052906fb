"""Rule cancels-commitment: does it cancel or end something that is running or agreed?"""

from catalog.vocabulary import Category, Severity
from classifier.rule import Rule, acts
from classifier.rules.stops_work import WORK

CANCELLED = frozenset({"cancel", "void", "abort", "expire"})
QUIET = frozenset({"dialog", "prompt", "selection", "edit"})

RULE = Rule(
    id="cancels-commitment",
    title="Cancels a commitment",
    question="Does it cancel or end something that is running or agreed?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale=("Cancelling a subscription, an order, a booking or a run ends it; starting again is a new one."),
    remediation="Ask before each call.",
    patterns=(acts(CANCELLED, unless=QUIET | WORK),),
)
