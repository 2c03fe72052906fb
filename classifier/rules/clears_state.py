"""Rule clears-state: does it clear, reset or flush something that cannot be rebuilt?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CACHES, CLEARING, word_set
from classifier.rule import Rule, acts

STATE = word_set(
    "memory memories history data database table tables log logs console messages conversation all "
    "everything index collection settings configuration config state queue workspace storage records "
    "content contents values chat trash events range cells sheet knowledge graph project"
)

RULE = Rule(
    id="clears-state",
    title="Clears state",
    question="Does it clear, reset or flush something that cannot be rebuilt?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="Clearing memory, history, data or settings loses them; clearing a cache does not.",
    remediation="Ask before each call; export the state first.",
    patterns=(acts(CLEARING, STATE, unless=CACHES),),
)
