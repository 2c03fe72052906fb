"""Rule changes-session: does it log in, connect, select a project or set an option?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

CHOOSING = word_set("set select switch choose use open start change begin configure")
CONTEXTS = word_set(
    "session context project workspace option options mode default defaults config configuration active "
    "current profile account instance database preference preferences agent settings directory"
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(
        find_actions(view, frozenset({"login", "connect", "authenticate", "signin"}), sources=OPEN_SOURCES)
    )
    yield from mentions_of(find_actions(view, CHOOSING, objects=CONTEXTS, sources=OPEN_SOURCES))


RULE = Rule(
    id="changes-session",
    title="Changes its own session",
    question="Does it log in, connect, select a project or set an option?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="Only what this server remembers changes.",
    remediation="None needed beyond knowing it.",
    check=check,
)
