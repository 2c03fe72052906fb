"""Rule archives-or-hides: does it archive, trash, close, hide or mute something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import HIDING, SESSIONS
from classifier.rule import Rule, acts

RULE = Rule(
    id="archives-or-hides",
    title="Archives or hides",
    question="Does it archive, trash, close, hide or mute something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="What was put away can be brought back.",
    remediation="Allow it where the archive is kept.",
    patterns=(acts(HIDING, unless=SESSIONS),),
)
