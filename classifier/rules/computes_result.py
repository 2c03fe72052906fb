"""Rule computes-result: does it only compute, convert, check or explain something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention, Source
from classifier.lexicon import COMPUTING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, COMPUTING, sources=OPEN_SOURCES | {Source.TITLE}))


RULE = Rule(
    id="computes-result",
    title="Computes a result",
    question="Does it only compute, convert, check or explain something?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="It works on what it is given and returns the result.",
    remediation="None needed.",
    check=check,
)
