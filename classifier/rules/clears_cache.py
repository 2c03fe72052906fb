"""Rule clears-cache: does it clear something that is rebuilt by itself?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CACHES, CLEARING, DELETING, REMOVING
from classifier.rule import Rule, acts

RULE = Rule(
    id="clears-cache",
    title="Clears a cache",
    question="Does it clear something that is rebuilt by itself?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale=("Nothing is lost for good, but what relies on the cache slows down until it is filled again."),
    remediation="None needed beyond knowing it.",
    patterns=(acts(CLEARING | DELETING | REMOVING, CACHES),),
    narrows=True,
)
