"""Rule detaches-marker: does it take off a label, a reaction, a link or an assignee?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import DELETING, MINOR, REMOVING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, REMOVING | DELETING, objects=MINOR, sources=OPEN_SOURCES))
    yield from mentions_of(
        find_actions(view, frozenset({"untag", "unassign", "unfollow", "unstage"}), sources=OPEN_SOURCES)
    )


RULE = Rule(
    id="detaches-marker",
    title="Takes off a marker",
    question="Does it take off a label, a reaction, a link or an assignee?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="One call puts the marker back.",
    remediation="None needed beyond knowing it.",
    check=check,
)
