"""Rule reaches-third-party: does the call carry its arguments to a service outside?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import SENDING, word_set
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

PUBLISHING = frozenset({"publish", "tweet", "share", "pay", "transfer", "refund"})
INWARD = frozenset({"query", "keys", "transaction", "command", "form"})
PROMPTS = frozenset({"prompt", "query", "q", "search"})
WEB = frozenset({"web", "internet", "google"})
ASKING = frozenset({"search", "generate", "ask", "get", "find"})
OUTSIDE = word_set("web news image images internet video speech research topic papers articles results page pages")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, SENDING | PUBLISHING, unless=INWARD, sources=OPEN_SOURCES))
    if view.takes(PROMPTS) or view.topic_words & WEB:
        yield from mentions_of(find_actions(view, ASKING, objects=OUTSIDE, sources=OPEN_SOURCES))


RULE = Rule(
    id="reaches-third-party",
    title="Reaches a third party",
    question="Does the call carry its arguments to a service outside?",
    says=FacetClaim(Facet.EGRESS, "third_party"),
    severity=Severity.LOW,
    rationale="The arguments leave the machine and are known to the service.",
    remediation="Keep private data out of the arguments.",
    check=check,
)
