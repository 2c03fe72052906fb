"""Rule sends-to-anyone: can the caller choose any recipient or any address?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import DRIVING, RUNNING, SENDING
from classifier.rule import FacetClaim, Rule, acts, takes

OUTWARD = SENDING | frozenset({"create", "share", "invite", "transfer", "pay", "upload", "notify"})
RECIPIENTS = frozenset({"recipient", "recipients", "to", "email", "webhook", "phone", "callback", "cc", "bcc"})
ADDRESSES = frozenset({"url", "webhook", "endpoint"})
MAILS = frozenset({"email", "emails", "mail", "mails", "sms"})

RULE = Rule(
    id="sends-to-anyone",
    title="Sends to any recipient",
    question="Can the caller choose any recipient or any address?",
    says=FacetClaim(Facet.EGRESS, "arbitrary"),
    severity=Severity.LOW,
    rationale="Whatever the agent knows can be sent to whoever asks for it.",
    remediation="Allow only known recipients by an argument condition.",
    patterns=(
        takes(RECIPIENTS, verbs=OUTWARD),
        takes(ADDRESSES, verbs=RUNNING | DRIVING),
        acts(SENDING, MAILS),
    ),
)
