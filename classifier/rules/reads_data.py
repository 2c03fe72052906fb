"""Rule reads-data: does it only get, list or search something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import LOOKING
from classifier.rule import TITLED, Rule, acts

RULE = Rule(
    id="reads-data",
    title="Reads data",
    question="Does it only get, list or search something?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="It returns what is there and leaves it as it was.",
    remediation="None needed; mind what the result may contain.",
    patterns=(acts(LOOKING, sources=TITLED),),
    general=True,
)
