"""Rule claims-payment: does it create or send an invoice, a payment link or a payment intent?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

MAKING = word_set("create send finalize issue generate make add initiate capture submit process confirm new approve")
# At a service that takes payments an order is what the customer pays.
AT_A_PAYMENT_SERVICE = frozenset({"order", "subscription", "qr", "checkout", "link", "mandate", "otp"})
PAYMENT_WORDS = frozenset({"billing", "merchant", "checkout", "acquiring", "pay", "payment", "payments"})
CLAIMED = word_set("invoice invoices payment payments refund charge payout paymentintent paylink")
READINGS = word_set("note notes template templates method methods report customer reminder")

RULE = Rule(
    id="claims-payment",
    title="Makes a claim to money",
    question="Does it create or send an invoice, a payment link or a payment intent?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="Whoever receives it is asked to pay.",
    remediation="Ask before each call; check the amount and the recipient.",
    patterns=(
        acts(MAKING, CLAIMED, unless=READINGS),
        acts(frozenset({"update"}), CLAIMED, unless=READINGS, never=READINGS),
        acts(frozenset({"update"}), frozenset({"order", "subscription"}), unless=READINGS, topic=PAYMENT_WORDS),
        acts(MAKING, AT_A_PAYMENT_SERVICE, unless=READINGS, topic=PAYMENT_WORDS),
    ),
    narrows=True,
)
