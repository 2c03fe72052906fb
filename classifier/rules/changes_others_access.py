"""Rule changes-others-access: does it change somebody else's access?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import CHANGING, CREATING, DELETING, REMOVING, SHARING, word_set
from classifier.rule import FacetClaim, Rule, acts

ACCESS = word_set(
    "member members collaborator collaborators permission permissions role roles acl policy policies "
    "admin invitation membership access sharing iam protection user"
)
OWN = word_set("key token screen screenshot profile agent immutability story issue record lifecycle retention feedback")

RULE = Rule(
    id="changes-others-access",
    title="Changes what others may do",
    question="Does it change somebody else's access?",
    says=FacetClaim(Facet.PRIVILEGE, "others"),
    severity=Severity.LOW,
    rationale="Whoever gains access keeps it until somebody notices.",
    remediation="Ask before each call; name the person and the right.",
    patterns=(
        acts(SHARING | frozenset({"revoke", "ban", "kick"}) - frozenset({"promote"}), unless=OWN),
        acts(CHANGING | CREATING | REMOVING | DELETING, ACCESS, unless=OWN),
    ),
)
