"""Rule removes-items: does it remove something that one call does not put back?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CACHES, MINOR, REMOVING
from classifier.rule import Rule, acts

RULE = Rule(
    id="removes-items",
    title="Removes items",
    question="Does it remove something that one call does not put back?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale=(
        "Removing a record, a member or a file loses it or ends somebody's access; removing a label or a "
        "reaction does not."
    ),
    remediation="Ask before each call.",
    patterns=(acts(REMOVING, unless=MINOR | CACHES),),
)
