"""Rule claims-payment: does it create or send an invoice, a payment link or a payment intent?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

MAKING = word_set(
    "create send finalize issue generate make add initiate capture submit process confirm update new approve"
)
# At a service that takes payments an order is what the customer pays.
AT_A_PAYMENT_SERVICE = frozenset({"order", "subscription", "qr", "checkout", "link", "mandate", "otp"})
PAYMENT_WORDS = frozenset({"billing", "merchant", "checkout", "acquiring"})
CLAIMED = word_set("invoice invoices payment payments refund charge payout paymentintent paylink")
READINGS = word_set("note notes template templates method methods report customer reminder")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, MAKING, objects=CLAIMED, unless=READINGS, sources=OPEN_SOURCES))
    if any(word in PAYMENT_WORDS or word.startswith("pay") or word.endswith("pay") for word in view.server_words):
        yield from mentions_of(
            find_actions(view, MAKING, objects=AT_A_PAYMENT_SERVICE, unless=READINGS, sources=OPEN_SOURCES)
        )


RULE = Rule(
    id="claims-payment",
    title="Makes a claim to money",
    question="Does it create or send an invoice, a payment link or a payment intent?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="Whoever receives it is asked to pay.",
    remediation="Ask before each call; check the amount and the recipient.",
    check=check,
)
