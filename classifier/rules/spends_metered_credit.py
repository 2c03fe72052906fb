"""Rule spends-metered-credit: does each call cost credit with a paid service?"""

from catalog.vocabulary import Facet, Severity
from classifier.rule import FacetClaim, Rule, acts, says

PRICED = frozenset({"credits", "bring-your-own-key", "metered", "billable", "pay-per-use", "cents"})
PAID = frozenset(
    {"image", "images", "video", "speech", "audio", "music", "instance", "embedding", "cluster", "droplet", "3d"}
)
DRAWN = frozenset({"chart", "diagram", "resize", "docker", "custom"})

RULE = Rule(
    id="spends-metered-credit",
    title="Uses a metered service",
    question="Does each call cost credit with a paid service?",
    says=FacetClaim(Facet.MONEY, "metered"),
    severity=Severity.LOW,
    rationale="Many calls become a bill.",
    remediation="Limit how often it may be called.",
    patterns=(
        says(PRICED),
        acts(frozenset({"generate", "create"}), PAID, unless=DRAWN),
    ),
)
