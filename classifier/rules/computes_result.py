"""Rule computes-result: does it only compute, convert, check or explain something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import COMPUTING
from classifier.rule import TITLED, Rule, acts

RULE = Rule(
    id="computes-result",
    title="Computes a result",
    question="Does it only compute, convert, check or explain something?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="It works on what it is given and returns the result.",
    remediation="None needed.",
    patterns=(acts(COMPUTING, sources=TITLED),),
    general=True,
)
