"""Rule trades-assets: does it place an order, swap, stake, mint or bridge an asset?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CHAIN, MARKET, TRADING, word_set
from classifier.rule import Rule, acts

PRETENDING = frozenset({"paper", "simulated", "simulation", "demo"})
PLACES = word_set("trading trade trades broker brokerage exchange market stock stocks symbol ticker portfolio leverage")
ORDERING = frozenset(
    {"place", "create", "submit", "open", "close", "modify", "replace", "update", "execute", "make", "amend"}
)
READINGS = word_set("book books history status quote info list calculator log groups book")

RULE = Rule(
    id="trades-assets",
    title="Trades assets",
    question="Does it place an order, swap, stake, mint or bridge an asset?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="An order or a swap is binding at the market's price.",
    remediation="Ask before each call; use a simulated account while trying.",
    patterns=(
        acts(TRADING, unless=READINGS, topic=CHAIN | MARKET, never=PRETENDING),
        acts(ORDERING, MARKET, unless=READINGS, topic=PLACES, never=PRETENDING),
        acts(ORDERING, MARKET, unless=READINGS, takes=PLACES, never=PRETENDING),
    ),
)
