"""Rule cancels-commitment: does it cancel or end something that is running or agreed?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

CANCELLED = frozenset({"cancel", "void", "abort", "expire"})
QUIET = frozenset({"dialog", "prompt", "selection", "edit"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, CANCELLED, unless=QUIET, sources=OPEN_SOURCES))


RULE = Rule(
    id="cancels-commitment",
    title="Cancels a commitment",
    question="Does it cancel or end something that is running or agreed?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale=("Cancelling a subscription, an order, a booking or a run ends it; starting again is a new one."),
    remediation="Ask before each call.",
    check=check,
)
