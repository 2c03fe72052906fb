"""Rule reads-credentials: can what it returns hold a secret, a password or a key?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import LOOKING, word_set
from classifier.rule import FacetClaim, Rule, acts, says

MAKING = frozenset({"create", "generate", "rotate", "issue", "reset"})
PLAIN_SECRETS = word_set(
    "secret secrets password passwords credential credentials kubeconfig apikey apikeys dotenv env otp mnemonic"
)
KEYS = frozenset({"token", "tokens", "key", "keys", "variables", "certificate"})
HOLDERS = frozenset({"kubeconfig", ".env", "dotenv"})
OF_ACCESS = word_set(
    "access api auth secret private ssh signing bearer refresh personal environment session spaces deployment"
)
HARMLESS = word_set(
    "count price usage names metadata policy schema scanning alert alerts docs list-names holders supply"
)

RULE = Rule(
    id="reads-credentials",
    title="Reads credentials",
    question="Can what it returns hold a secret, a password or a key?",
    says=FacetClaim(Facet.SENSITIVE_DATA, "credentials"),
    severity=Severity.LOW,
    rationale="A secret that enters the conversation can leave it by any other tool.",
    remediation="Deny it, or let the tool return a reference instead of the secret.",
    patterns=(
        acts(LOOKING | MAKING, PLAIN_SECRETS, unless=HARMLESS),
        acts(LOOKING | MAKING, KEYS, along=OF_ACCESS, unless=HARMLESS),
        says(HOLDERS, verbs=LOOKING),
    ),
)
