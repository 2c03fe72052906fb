"""Rule reads-data: does it only get, list or search something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention, Source
from classifier.lexicon import LOOKING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, LOOKING, sources=OPEN_SOURCES | {Source.TITLE}))


RULE = Rule(
    id="reads-data",
    title="Reads data",
    question="Does it only get, list or search something?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="It returns what is there and leaves it as it was.",
    remediation="None needed; mind what the result may contain.",
    check=check,
)
