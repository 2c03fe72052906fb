"""Rule reads-about-money: does it read balances, prices, invoices or payments?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import COMPUTING, LOOKING, word_set
from classifier.rule import FacetClaim, Rule, acts

ABOUT = word_set(
    "price prices pricing cost costs balance balances invoice invoices payment payments refund refunds "
    "payout payouts billing budget budgets transaction transactions settlement settlements dispute "
    "disputes spend subscription subscriptions coupon coupons quote savings portfolio fee fees revenue "
    "order orders"
)

RULE = Rule(
    id="reads-about-money",
    title="Reads about money",
    question="Does it read balances, prices, invoices or payments?",
    says=FacetClaim(Facet.MONEY, "reads"),
    severity=Severity.LOW,
    rationale="What it returns says what somebody owns, owes or earns.",
    remediation="Keep it apart from tools that send data out.",
    patterns=(acts(LOOKING | COMPUTING, ABOUT),),
)
