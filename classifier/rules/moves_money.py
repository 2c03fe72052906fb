"""Rule moves-money: does it pay, transfer, refund, charge or buy?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CHAIN, MONEY, PAYING, word_set
from classifier.rule import Rule, acts

ALWAYS = frozenset({"pay", "refund", "payout", "purchase", "buy", "disburse", "reimburse", "donate"})
BASKETS = frozenset({"cart", "basket", "purchase", "session"})
AMOUNTS = frozenset({"amount", "price", "currency", "lamports", "wei"})
HANDING_OVER = frozenset(
    {"transfer", "send", "deposit", "withdraw", "charge", "settle", "capture", "tip", "fund", "topup", "redeem", "gift"}
)
READINGS = word_set(
    "status history details list info options methods summary eligibility quote estimate file domain ownership"
)

RULE = Rule(
    id="moves-money",
    title="Moves money",
    question="Does it pay, transfer, refund, charge or buy?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="Money moves or is committed when the call returns.",
    remediation="Ask before each call and set a limit on the amount.",
    patterns=(
        acts(PAYING, MONEY | CHAIN, unless=READINGS),
        acts(ALWAYS, unless=READINGS),
        acts(frozenset({"checkout"}), BASKETS),
        acts(HANDING_OVER, unless=READINGS, takes=AMOUNTS),
    ),
)
