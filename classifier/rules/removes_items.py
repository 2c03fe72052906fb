"""Rule removes-items: does it remove something that one call does not put back?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CACHES, MINOR, REMOVING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, REMOVING, unless=MINOR | CACHES, sources=OPEN_SOURCES))


RULE = Rule(
    id="removes-items",
    title="Removes items",
    question="Does it remove something that one call does not put back?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale=(
        "Removing a record, a member or a file loses it or ends somebody's access; removing a label or a "
        "reaction does not."
    ),
    remediation="Ask before each call.",
    check=check,
)
