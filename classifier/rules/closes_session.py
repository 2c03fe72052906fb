"""Rule closes-session: does it log out, disconnect or close a session, a tab or a window?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import LEAVING, SESSIONS
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, LEAVING, objects=SESSIONS, sources=OPEN_SOURCES))
    yield from mentions_of(
        find_actions(view, frozenset({"logout", "disconnect", "signout", "quit", "detach"}), sources=OPEN_SOURCES)
    )


RULE = Rule(
    id="closes-session",
    title="Closes a session",
    question="Does it log out, disconnect or close a session, a tab or a window?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="What was open ends; unsaved work in it may be lost.",
    remediation="None needed beyond knowing it.",
    check=check,
)
