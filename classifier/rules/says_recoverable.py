"""Rule says-recoverable: does the text say that the effect can be taken back?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.rule import FacetClaim, Rule
from classifier.view import ToolView

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


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    said = view.mention(KEPT)
    if said and not view.said.keys() & FINAL:
        yield said


RULE = Rule(
    id="says-recoverable",
    title="Says that it can be undone",
    question="Does the text say that the effect can be taken back?",
    says=FacetClaim(Facet.REVERSIBILITY, "recoverable"),
    severity=Severity.LOW,
    rationale="A trash, an archive or a backup keeps what was removed for a while.",
    remediation="None needed beyond knowing it.",
    check=check,
)
