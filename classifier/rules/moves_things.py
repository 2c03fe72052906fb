"""Rule moves-things: does it transfer, send or place something that is neither money nor an order?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CHAIN, MONEY, word_set
from classifier.rule import Rule, acts

MOVING = word_set("transfer place deposit charge trade exchange")
THINGS = word_set(
    "image images file files folder data ownership owner repository repo issue issues project snapshot volume session "
    "call chat conversation object objects block shape component element widget region workspace site page phone"
)

RULE = Rule(
    id="moves-things",
    title="Moves things",
    question="Does it transfer, send or place something that is neither money nor an order?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="It changes where something is, or whose it is, and another call can move it back.",
    remediation="Ask before each call where ownership changes.",
    patterns=(acts(MOVING, THINGS, unless=MONEY | CHAIN),),
    narrows=True,
)
