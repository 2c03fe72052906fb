"""Rule publishes-content: does it publish, merge or release something?"""

from catalog.vocabulary import Category, Severity
from classifier.rule import Rule, acts

RULE = Rule(
    id="publishes-content",
    title="Publishes",
    question="Does it publish, merge or release something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="What is published reaches others at once.",
    remediation="Ask before each call.",
    patterns=(
        acts(frozenset({"publish", "merge"})),
        acts(frozenset({"create", "make"}), frozenset({"release", "public"})),
    ),
)
