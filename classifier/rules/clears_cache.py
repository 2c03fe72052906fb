"""Rule clears-cache: does it clear something that is rebuilt by itself?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CACHES, CLEARING, DELETING, REMOVING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, CLEARING | DELETING | REMOVING, objects=CACHES, sources=OPEN_SOURCES))


RULE = Rule(
    id="clears-cache",
    title="Clears a cache",
    question="Does it clear something that is rebuilt by itself?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale=("Nothing is lost for good, but what relies on the cache slows down until it is filled again."),
    remediation="None needed beyond knowing it.",
    check=check,
)
