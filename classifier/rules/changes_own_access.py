"""Rule changes-own-access: does it create a key or a token, or log in?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

GAINING = frozenset({"create", "generate", "rotate", "issue", "revoke", "add"})
MEANS = frozenset({"token", "tokens", "key", "apikey", "credential", "credentials"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, GAINING, objects=MEANS, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, frozenset({"login", "authenticate"}), sources=OPEN_SOURCES))


RULE = Rule(
    id="changes-own-access",
    title="Changes its own access",
    question="Does it create a key or a token, or log in?",
    says=FacetClaim(Facet.PRIVILEGE, "own"),
    severity=Severity.LOW,
    rationale="Afterwards the agent may do more than before.",
    remediation="Ask before each call.",
    check=check,
)
