"""Rule changes-records: does it update, edit, rename or move something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CHANGING
from classifier.rule import TITLED, Rule, acts

RULE = Rule(
    id="changes-records",
    title="Changes records",
    question="Does it update, edit, rename or move something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="The earlier state can be put back by another call, if somebody still knows it.",
    remediation="Allow it where history is kept.",
    patterns=(acts(CHANGING, sources=TITLED),),
    general=True,
)
