"""Rule reads-credentials: can what it returns hold a secret, a password or a key?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import LOOKING, word_set
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

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


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(
        find_actions(view, LOOKING | MAKING, objects=PLAIN_SECRETS, unless=HARMLESS, sources=OPEN_SOURCES)
    )
    for action in find_actions(view, LOOKING | MAKING, objects=KEYS, unless=HARMLESS, sources=OPEN_SOURCES):
        if action.objects & OF_ACCESS:
            yield action.mention
    said = view.mention(HOLDERS)
    if said and view.main_verbs & LOOKING:
        yield said


RULE = Rule(
    id="reads-credentials",
    title="Reads credentials",
    question="Can what it returns hold a secret, a password or a key?",
    says=FacetClaim(Facet.SENSITIVE_DATA, "credentials"),
    severity=Severity.LOW,
    rationale="A secret that enters the conversation can leave it by any other tool.",
    remediation="Deny it, or let the tool return a reference instead of the secret.",
    check=check,
)
