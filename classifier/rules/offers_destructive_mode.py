"""Rule offers-destructive-mode: can one of its modes delete or drop something?"""

from catalog.vocabulary import Category, Severity
from classifier.actions import Source
from classifier.lexicon import CACHES, DELETING, MINOR, REMOVING, UNINSTALLING
from classifier.rule import Rule, acts

DESTROYING = DELETING | REMOVING | UNINSTALLING | frozenset({"terminate", "kill", "revoke"})

RULE = Rule(
    id="offers-destructive-mode",
    title="Offers a destructive mode",
    question="Can one of its modes delete or drop something?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="A tool takes its strongest advertised mode: whoever may call it may choose to delete.",
    remediation="Split the tool, or allow only the other modes by an argument condition.",
    patterns=(acts(DESTROYING, unless=MINOR | CACHES, sources=frozenset({Source.MODE})),),
)
