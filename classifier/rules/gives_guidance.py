"""Rule gives-guidance: does it return instructions, documentation or examples to read?"""

from catalog.vocabulary import Category, Severity
from classifier.actions import Source
from classifier.lexicon import COMPUTING, LOOKING, word_set
from classifier.rule import OPEN, Rule, acts

GUIDANCE = word_set(
    "guidance guide guides guideline guidelines instructions documentation docs reference tutorial tutorials practices "
    "examples snippets tips overview explanation recommendations advice suggestions cheatsheet"
)
GIVING = LOOKING | COMPUTING
MADE = word_set("write update edit upload publish delete import")

RULE = Rule(
    id="gives-guidance",
    title="Gives guidance",
    question="Does it return instructions, documentation or examples to read?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="It hands out text to follow; following it is up to the reader.",
    remediation="None needed; mind that the text is read as instructions.",
    patterns=(acts(GIVING, GUIDANCE, unless=MADE, sources=OPEN | {Source.ALSO, Source.BODY}),),
    narrows=True,
)
