"""Rule schedules-code: does it schedule a job or code to run later?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CODE, CREATING, MACHINES, SCHEDULING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

TIMERS = frozenset({"cron", "cronjob", "trigger", "triggers"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, SCHEDULING, objects=MACHINES | CODE, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, CREATING, objects=TIMERS, sources=OPEN_SOURCES))


RULE = Rule(
    id="schedules-code",
    title="Schedules code",
    question="Does it schedule a job or code to run later?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="What is scheduled runs later, again and again, with nobody watching.",
    remediation="Ask before each call; list what is scheduled.",
    check=check,
)
