"""Rule detaches-marker: does it take off a label, a reaction, a link or an assignee?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import ATTACHED, DELETING, MINOR, REMOVING
from classifier.rule import Rule, acts

RULE = Rule(
    id="detaches-marker",
    title="Takes off a marker",
    question="Does it take off a label, a reaction, a link or an assignee?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="One call puts the marker back.",
    remediation="None needed beyond knowing it.",
    patterns=(
        acts(REMOVING, MINOR),
        acts(DELETING, ATTACHED),
        acts(frozenset({"untag", "unassign", "unfollow", "unstage"})),
    ),
    narrows=True,
)
