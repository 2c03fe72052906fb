"""Rule reads-about-money: does it read balances, prices, invoices or payments?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import COMPUTING, LOOKING, word_set
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

ABOUT = word_set(
    "price prices pricing cost costs balance balances invoice invoices payment payments refund refunds "
    "payout payouts billing budget budgets transaction transactions settlement settlements dispute "
    "disputes spend subscription subscriptions coupon coupons quote savings portfolio fee fees revenue "
    "order orders"
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, LOOKING | COMPUTING, objects=ABOUT, sources=OPEN_SOURCES))


RULE = Rule(
    id="reads-about-money",
    title="Reads about money",
    question="Does it read balances, prices, invoices or payments?",
    says=FacetClaim(Facet.MONEY, "reads"),
    severity=Severity.LOW,
    rationale="What it returns says what somebody owns, owes or earns.",
    remediation="Keep it apart from tools that send data out.",
    check=check,
)
