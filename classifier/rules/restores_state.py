"""Rule restores-state: does it restore, revert or roll back something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import RESTORING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, RESTORING, sources=OPEN_SOURCES))


RULE = Rule(
    id="restores-state",
    title="Restores a state",
    question="Does it restore, revert or roll back something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="An earlier state comes back and the later one gives way.",
    remediation="Ask before each call.",
    check=check,
)
