"""Rule says-irreversible: does the text say that the effect is final?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import SENDING
from classifier.rule import FacetClaim, Rule, acts, says

FINAL = frozenset(
    {
        "permanently",
        "irreversible",
        "irreversibly",
        "undone",
        "permanent",
        "unrecoverable",
        "overwrite",
        "overwrites",
        "overwritten",
    }
)

RULE = Rule(
    id="says-irreversible",
    title="Says that it cannot be undone",
    question="Does the text say that the effect is final?",
    says=FacetClaim(Facet.REVERSIBILITY, "irreversible"),
    severity=Severity.LOW,
    rationale="The text itself warns that there is no way back.",
    remediation="Ask before each call.",
    patterns=(
        says(FINAL),
        acts(SENDING),
    ),
)
