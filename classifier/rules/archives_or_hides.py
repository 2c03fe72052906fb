"""Rule archives-or-hides: does it archive, trash, close, hide or mute something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import HIDING, SESSIONS
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, HIDING, unless=SESSIONS, sources=OPEN_SOURCES))


RULE = Rule(
    id="archives-or-hides",
    title="Archives or hides",
    question="Does it archive, trash, close, hide or mute something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="What was put away can be brought back.",
    remediation="Allow it where the archive is kept.",
    check=check,
)
