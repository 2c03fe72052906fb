"""Rule signs-transactions: does it sign or submit a blockchain transaction?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CHAIN, SIGNING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

TRANSACTIONS = frozenset({"transaction", "transactions", "tx", "userop", "contract"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    if view.topic_words & CHAIN:
        yield from mentions_of(find_actions(view, SIGNING, objects=TRANSACTIONS, sources=OPEN_SOURCES))


RULE = Rule(
    id="signs-transactions",
    title="Signs transactions",
    question="Does it sign or submit a blockchain transaction?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="A signed transaction is final.",
    remediation="Ask before each call; use a wallet with little in it.",
    check=check,
)
