"""Rule creates-records: does it create or add something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CREATING, word_set
from classifier.rule import TITLED, Rule, acts

VISIONS = word_set("chart diagram plot uuid password hash summary query preview graph embedding embeddings")

RULE = Rule(
    id="creates-records",
    title="Creates records",
    question="Does it create or add something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="It leaves something new behind; taking it away again puts things back.",
    remediation="Allow it where new records are cheap.",
    patterns=(acts(CREATING, unless=VISIONS, sources=TITLED),),
    general=True,
)
