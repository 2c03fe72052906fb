"""Rule revokes-access: does it take access away from somebody or invalidate a key?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import DELETING, PEOPLE, REMOVING, REVOKING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, REVOKING, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, REMOVING | DELETING, objects=PEOPLE, sources=OPEN_SOURCES))


RULE = Rule(
    id="revokes-access",
    title="Revokes access",
    question="Does it take access away from somebody or invalidate a key?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="Whoever relied on the access loses it at once; a revoked key or token does not come back.",
    remediation="Ask before each call; name who loses access.",
    check=check,
)
