"""Rule changes-own-access: does it create a key or a token, or log in?"""

from catalog.vocabulary import Facet, Severity
from classifier.rule import FacetClaim, Rule, acts

GAINING = frozenset({"create", "generate", "rotate", "issue", "revoke", "add"})
MEANS = frozenset({"token", "tokens", "key", "apikey", "credential", "credentials"})

RULE = Rule(
    id="changes-own-access",
    title="Changes its own access",
    question="Does it create a key or a token, or log in?",
    says=FacetClaim(Facet.PRIVILEGE, "own"),
    severity=Severity.LOW,
    rationale="Afterwards the agent may do more than before.",
    remediation="Ask before each call.",
    patterns=(
        acts(GAINING, MEANS),
        acts(frozenset({"login", "authenticate"})),
    ),
)
