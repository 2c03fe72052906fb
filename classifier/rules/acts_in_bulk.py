"""Rule acts-in-bulk: can one call touch many items?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

MANY = frozenset({"multiple", "batch", "bulk", "mass"})
EVERY = frozenset(
    {"all", "multiple", "batch", "every", "objects", "projects", "messages", "accounts", "records", "entities"}
)
LISTING = frozenset({"list", "get", "search", "read", "fetch", "retrieve", "export"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    said = view.mention(MANY)
    if said and not (view.main_verbs & LISTING):
        yield said
    yield from mentions_of(find_actions(view, LISTING, objects=EVERY, sources=OPEN_SOURCES))


RULE = Rule(
    id="acts-in-bulk",
    title="Acts on many",
    question="Can one call touch many items?",
    says=FacetClaim(Facet.BLAST_RADIUS, "bulk"),
    severity=Severity.LOW,
    rationale="One mistaken call counts as often as there are items.",
    remediation="Limit how many items one call may name.",
    check=check,
)
