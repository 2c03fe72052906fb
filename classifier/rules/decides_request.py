"""Rule decides-request: does it approve or reject a review, a request or a ticket?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import APPROVING, CHAIN, MONEY
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, APPROVING, unless=MONEY | CHAIN, sources=OPEN_SOURCES))


RULE = Rule(
    id="decides-request",
    title="Decides on a request",
    question="Does it approve or reject a review, a request or a ticket?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="A decision in somebody's name is recorded; others act on it.",
    remediation="Ask before each call.",
    check=check,
)
