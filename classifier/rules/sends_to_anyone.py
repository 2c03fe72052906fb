"""Rule sends-to-anyone: can the caller choose any recipient or any address?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import DRIVING, RUNNING, SENDING
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

OUTWARD = SENDING | frozenset({"create", "share", "invite", "transfer", "pay", "upload", "notify"})
RECIPIENTS = frozenset({"recipient", "recipients", "to", "email", "webhook", "phone", "callback", "cc", "bcc"})
ADDRESSES = frozenset({"url", "webhook", "endpoint"})
MAILS = frozenset({"email", "emails", "mail", "mails", "sms"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    if view.main_verbs & OUTWARD and (taken := view.takes(RECIPIENTS)):
        yield taken
    if view.main_verbs & (RUNNING | DRIVING) and (taken := view.takes(ADDRESSES)):
        yield taken
    yield from mentions_of(find_actions(view, SENDING, objects=MAILS, sources=OPEN_SOURCES))


RULE = Rule(
    id="sends-to-anyone",
    title="Sends to any recipient",
    question="Can the caller choose any recipient or any address?",
    says=FacetClaim(Facet.EGRESS, "arbitrary"),
    severity=Severity.LOW,
    rationale="Whatever the agent knows can be sent to whoever asks for it.",
    remediation="Allow only known recipients by an argument condition.",
    check=check,
)
