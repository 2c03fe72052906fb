"""Rule restores-state: does it restore, revert or roll back something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import RESTORING
from classifier.rule import Rule, acts

RULE = Rule(
    id="restores-state",
    title="Restores a state",
    question="Does it restore, revert or roll back something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="An earlier state comes back and the later one gives way.",
    remediation="Ask before each call.",
    patterns=(acts(RESTORING),),
)
