"""Rule signs-transactions: does it sign or submit a blockchain transaction?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CHAIN, SIGNING
from classifier.rule import Rule, acts

TRANSACTIONS = frozenset({"transaction", "transactions", "tx", "userop", "contract"})

RULE = Rule(
    id="signs-transactions",
    title="Signs transactions",
    question="Does it sign or submit a blockchain transaction?",
    says=Category.FINANCIAL,
    severity=Severity.HIGH,
    rationale="A signed transaction is final.",
    remediation="Ask before each call; use a wallet with little in it.",
    patterns=(acts(SIGNING, TRANSACTIONS, topic=CHAIN),),
    narrows=True,
)
