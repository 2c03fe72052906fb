"""Rule moves-money: does it pay, transfer, refund, charge or buy?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CHAIN, MONEY, PAYING, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

ALWAYS = frozenset({"pay", "refund", "payout", "purchase", "buy", "disburse", "reimburse", "donate"})
BASKETS = frozenset({"cart", "basket", "purchase", "session"})
AMOUNTS = frozenset({"amount", "price", "currency", "lamports", "wei"})
HANDING_OVER = frozenset(
    {"transfer", "send", "deposit", "withdraw", "charge", "settle", "capture", "tip", "fund", "topup", "redeem", "gift"}
)
READINGS = word_set(
    "status history details list info options methods summary eligibility quote estimate file domain ownership"
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, PAYING, objects=MONEY | CHAIN, unless=READINGS, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, ALWAYS, unless=READINGS, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, frozenset({"checkout"}), objects=BASKETS, sources=OPEN_SOURCES))
    if view.takes(AMOUNTS):
        yield from mentions_of(find_actions(view, HANDING_OVER, unless=READINGS, sources=OPEN_SOURCES))


RULE = Rule(
    id="moves-money",
    title="Moves money",
    question="Does it pay, transfer, refund, charge or buy?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="Money moves or is committed when the call returns.",
    remediation="Ask before each call and set a limit on the amount.",
    check=check,
)
