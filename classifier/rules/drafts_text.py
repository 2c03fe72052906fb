"""Rule drafts-text: does it make up a text, a name or a piece of code that it only returns?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

DRAFTING = word_set("generate produce derive build compose propose construct")
TEXTS = word_set(
    "types typings locator selector regex expression snippet summary outline uuid guid password slug passphrase name "
    "names ideas prompt prompts query filter url uri boilerplate headline caption signature hash schema example "
    "examples"
)
KEPT = word_set("image images video audio file files record issue project asset assets invoice payment link")
PLACES = word_set("path file filename output directory folder destination dir")

RULE = Rule(
    id="drafts-text",
    title="Drafts a text",
    question="Does it make up a text, a name or a piece of code that it only returns?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="What it makes up is the answer; it is kept nowhere by this call.",
    remediation="None needed; read what it made up before it is used.",
    patterns=(acts(DRAFTING, TEXTS, unless=KEPT, takes_none=PLACES),),
    narrows=True,
)
