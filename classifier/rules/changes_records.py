"""Rule changes-records: does it update, edit, rename or move something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention, Source
from classifier.lexicon import CHANGING, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

STYLED = word_set("text table cell cells range paragraph font row rows column document heading slide shape")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, CHANGING, sources=OPEN_SOURCES | {Source.TITLE}))
    yield from mentions_of(find_actions(view, frozenset({"format"}), objects=STYLED, sources=OPEN_SOURCES))


RULE = Rule(
    id="changes-records",
    title="Changes records",
    question="Does it update, edit, rename or move something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="The earlier state can be put back by another call, if somebody still knows it.",
    remediation="Allow it where history is kept.",
    check=check,
)
