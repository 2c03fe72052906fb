"""Rule spends-metered-credit: does each call cost credit with a paid service?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

PRICED = frozenset({"credits", "bring-your-own-key", "metered", "billable", "pay-per-use", "cents"})
PAID = frozenset(
    {"image", "images", "video", "speech", "audio", "music", "instance", "embedding", "cluster", "droplet", "3d"}
)
DRAWN = frozenset({"chart", "diagram", "resize", "docker", "custom"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    said = view.mention(PRICED)
    if said:
        yield said
    yield from mentions_of(
        find_actions(view, frozenset({"generate", "create"}), objects=PAID, unless=DRAWN, sources=OPEN_SOURCES)
    )


RULE = Rule(
    id="spends-metered-credit",
    title="Uses a metered service",
    question="Does each call cost credit with a paid service?",
    says=FacetClaim(Facet.MONEY, "metered"),
    severity=Severity.LOW,
    rationale="Many calls become a bill.",
    remediation="Limit how often it may be called.",
    check=check,
)
