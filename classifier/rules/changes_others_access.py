"""Rule changes-others-access: does it change somebody else's access?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import CHANGING, CREATING, DELETING, REMOVING, SHARING, word_set
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

ACCESS = word_set(
    "member members collaborator collaborators permission permissions role roles acl policy policies "
    "admin invitation membership access sharing iam protection user"
)
OWN = word_set("key token screen screenshot profile agent immutability story issue record lifecycle retention feedback")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(
        find_actions(
            view,
            SHARING | frozenset({"revoke", "ban", "kick"}) - frozenset({"promote"}),
            unless=OWN,
            sources=OPEN_SOURCES,
        )
    )
    yield from mentions_of(
        find_actions(view, CHANGING | CREATING | REMOVING | DELETING, objects=ACCESS, unless=OWN, sources=OPEN_SOURCES)
    )


RULE = Rule(
    id="changes-others-access",
    title="Changes what others may do",
    question="Does it change somebody else's access?",
    says=FacetClaim(Facet.PRIVILEGE, "others"),
    severity=Severity.LOW,
    rationale="Whoever gains access keeps it until somebody notices.",
    remediation="Ask before each call; name the person and the right.",
    check=check,
)
