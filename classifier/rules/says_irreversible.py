"""Rule says-irreversible: does the text say that the effect is final?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import SENDING
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

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


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    said = view.mention(FINAL)
    if said:
        yield said
    yield from mentions_of(find_actions(view, SENDING, sources=OPEN_SOURCES))


RULE = Rule(
    id="says-irreversible",
    title="Says that it cannot be undone",
    question="Does the text say that the effect is final?",
    says=FacetClaim(Facet.REVERSIBILITY, "irreversible"),
    severity=Severity.LOW,
    rationale="The text itself warns that there is no way back.",
    remediation="Ask before each call.",
    check=check,
)
