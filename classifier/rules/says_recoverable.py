"""Rule says-recoverable: does the text say that the effect can be taken back?"""

from catalog.vocabulary import Facet, Severity
from classifier.rule import FacetClaim, Rule, says

KEPT = frozenset(
    {
        "trash",
        "trashed",
        "recycle",
        "recoverable",
        "soft-delete",
        "soft-deletes",
        "soft-deleted",
        "archive",
        "archived",
        "archives",
        "restorable",
        "undelete",
    }
)
FINAL = frozenset(
    {"permanently", "irreversible", "irreversibly", "undone", "permanent", "unrecoverable", "bypass", "bypasses"}
)

RULE = Rule(
    id="says-recoverable",
    title="Says that it can be undone",
    question="Does the text say that the effect can be taken back?",
    says=FacetClaim(Facet.REVERSIBILITY, "recoverable"),
    severity=Severity.LOW,
    rationale="A trash, an archive or a backup keeps what was removed for a while.",
    remediation="None needed beyond knowing it.",
    patterns=(says(KEPT, never=FINAL),),
)
