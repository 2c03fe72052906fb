"""Rule publishes-content: does it publish, merge or release something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, frozenset({"publish", "merge"}), sources=OPEN_SOURCES))
    yield from mentions_of(
        find_actions(
            view, frozenset({"create", "make"}), objects=frozenset({"release", "public"}), sources=OPEN_SOURCES
        )
    )


RULE = Rule(
    id="publishes-content",
    title="Publishes",
    question="Does it publish, merge or release something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="What is published reaches others at once.",
    remediation="Ask before each call.",
    check=check,
)
