"""Rule sends-messages: does it send or post something to people?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CHAIN, MESSAGES, MONEY, SENDING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

TALKING = frozenset({"reply", "comment", "notify", "tweet", "forward", "post"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, SENDING, objects=MESSAGES, unless=MONEY | CHAIN, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, TALKING, unless=MONEY | CHAIN, sources=OPEN_SOURCES))


RULE = Rule(
    id="sends-messages",
    title="Sends messages",
    question="Does it send or post something to people?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="What was sent has been read: sending creates something that cannot be taken back.",
    remediation="Ask before each call, or allow only known recipients.",
    check=check,
)
