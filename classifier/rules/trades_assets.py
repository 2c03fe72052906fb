"""Rule trades-assets: does it place an order, swap, stake, mint or bridge an asset?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CHAIN, MARKET, TRADING, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

PRETENDING = frozenset({"paper", "simulated", "simulation", "demo"})
PLACES = word_set("trading trade trades broker brokerage exchange market stock stocks symbol ticker portfolio leverage")
ORDERING = frozenset(
    {"place", "create", "submit", "open", "close", "modify", "replace", "update", "execute", "make", "amend"}
)
READINGS = word_set("book books history status quote info list calculator log groups book")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    if view.said.keys() & PRETENDING:
        return
    if view.topic_words & (CHAIN | MARKET):
        yield from mentions_of(find_actions(view, TRADING, unless=READINGS, sources=OPEN_SOURCES))
    if view.topic_words & PLACES or view.takes(PLACES):
        yield from mentions_of(find_actions(view, ORDERING, objects=MARKET, unless=READINGS, sources=OPEN_SOURCES))


RULE = Rule(
    id="trades-assets",
    title="Trades assets",
    question="Does it place an order, swap, stake, mint or bridge an asset?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="An order or a swap is binding at the market's price.",
    remediation="Ask before each call; use a simulated account while trying.",
    check=check,
)
