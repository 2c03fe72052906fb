"""Rule reaches-third-party: does the call carry its arguments to a service outside?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import SENDING, word_set
from classifier.rule import FacetClaim, Rule, acts

ASKED = frozenset({"request", "respond", "answer", "submit"})  # of the server itself, as a rule
PUBLISHING = frozenset({"publish", "tweet", "share", "pay", "transfer", "refund"})
INWARD = frozenset({"query", "keys", "transaction", "command", "form"})
PROMPTS = frozenset({"prompt", "query", "q", "search"})
WEB = frozenset({"web", "internet", "google"})
ASKING = frozenset({"search", "generate", "ask", "get", "find"})
OUTSIDE = word_set("web news image images internet video speech research topic papers articles results page pages")

RULE = Rule(
    id="reaches-third-party",
    title="Reaches a third party",
    question="Does the call carry its arguments to a service outside?",
    says=FacetClaim(Facet.EGRESS, "third_party"),
    severity=Severity.LOW,
    rationale="The arguments leave the machine and are known to the service.",
    remediation="Keep private data out of the arguments.",
    patterns=(
        acts(SENDING - ASKED | PUBLISHING, unless=INWARD),
        acts(ASKING, OUTSIDE, takes=PROMPTS),
        acts(ASKING, OUTSIDE, topic=WEB),
    ),
)
