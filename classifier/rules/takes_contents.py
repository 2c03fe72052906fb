"""Rule takes-contents: does it take the contents of what it changes?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CHANGING, CREATING, SENDING, word_set
from classifier.rule import Rule, takes

WRITING = CREATING | CHANGING | SENDING
CONTENTS = word_set("content contents body text message data fields updates changes patch payload subject")

RULE = Rule(
    id="takes-contents",
    title="Takes contents to store",
    question="Does it take the contents of what it changes?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="Who hands over a body, fields or changes expects them to be kept.",
    remediation="None needed beyond knowing it.",
    patterns=(takes(CONTENTS, verbs=WRITING),),
    general=True,
)
