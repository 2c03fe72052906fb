"""Rule controls-lifecycle: does it start, stop, restart, pause, scale or deploy something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention, Source
from classifier.lexicon import LIFECYCLE, MACHINES, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

HARMLESS = word_set("session sprint timer conversation transaction chat authentication auth login discussion codegen")
TURNING = frozenset({"cycle", "release", "rollback", "retry"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, LIFECYCLE, unless=HARMLESS, sources=OPEN_SOURCES | {Source.TITLE}))
    yield from mentions_of(find_actions(view, TURNING, objects=MACHINES, sources=frozenset({Source.NAME})))


RULE = Rule(
    id="controls-lifecycle",
    title="Starts and stops things",
    question="Does it start, stop, restart, pause, scale or deploy something?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="It changes what is running, and whoever relies on it notices.",
    remediation="Ask before each call.",
    check=check,
)
