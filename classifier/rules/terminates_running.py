"""Rule terminates-running: does it kill a process or destroy a running machine?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import DELETING, MACHINES
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

ENDING = frozenset({"terminate", "kill", "destroy"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, ENDING, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, DELETING, objects=MACHINES, sources=OPEN_SOURCES))


RULE = Rule(
    id="terminates-running",
    title="Terminates what runs",
    question="Does it kill a process or destroy a running machine?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="What ran is lost together with its unsaved state.",
    remediation="Ask before each call.",
    check=check,
)
