"""Rule creates-records: does it create or add something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention, Source
from classifier.lexicon import CREATING, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

VISIONS = word_set("chart diagram plot uuid password hash summary query preview graph embedding embeddings")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, CREATING, unless=VISIONS, sources=OPEN_SOURCES | {Source.TITLE}))


RULE = Rule(
    id="creates-records",
    title="Creates records",
    question="Does it create or add something?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="It leaves something new behind; taking it away again puts things back.",
    remediation="Allow it where new records are cheap.",
    check=check,
)
