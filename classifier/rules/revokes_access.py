"""Rule revokes-access: does it take access away from somebody or invalidate a key?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import DELETING, PEOPLE, REMOVING, REVOKING
from classifier.rule import Rule, acts

RULE = Rule(
    id="revokes-access",
    title="Revokes access",
    question="Does it take access away from somebody or invalidate a key?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="Whoever relied on the access loses it at once; a revoked key or token does not come back.",
    remediation="Ask before each call; name who loses access.",
    patterns=(
        acts(REVOKING),
        acts(REMOVING | DELETING, PEOPLE),
    ),
)
