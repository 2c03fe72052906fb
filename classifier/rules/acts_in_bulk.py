"""Rule acts-in-bulk: can one call touch many items?"""

from catalog.vocabulary import Facet, Severity
from classifier.rule import FacetClaim, Rule, acts, says

MANY = frozenset({"multiple", "batch", "bulk", "mass"})
EVERY = frozenset(
    {"all", "multiple", "batch", "every", "objects", "projects", "messages", "accounts", "records", "entities"}
)
LISTING = frozenset({"list", "get", "search", "read", "fetch", "retrieve", "export"})

RULE = Rule(
    id="acts-in-bulk",
    title="Acts on many",
    question="Can one call touch many items?",
    says=FacetClaim(Facet.BLAST_RADIUS, "bulk"),
    severity=Severity.LOW,
    rationale="One mistaken call counts as often as there are items.",
    remediation="Limit how many items one call may name.",
    patterns=(
        says(MANY, unverbs=LISTING),
        acts(LISTING, EVERY),
    ),
)
