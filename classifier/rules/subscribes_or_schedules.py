"""Rule subscribes-or-schedules: does it put something on a calendar or set up a webhook or an alert?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CODE, CREATING, MACHINES, SCHEDULING, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

FEEDS = word_set("webhook webhooks alert alerts event events meeting reminder subscription appointment")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, SCHEDULING, unless=MACHINES | CODE, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, CREATING, objects=FEEDS, sources=OPEN_SOURCES))


RULE = Rule(
    id="subscribes-or-schedules",
    title="Schedules or subscribes",
    question="Does it put something on a calendar or set up a webhook or an alert?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="It will make itself felt later; removing the entry puts things back.",
    remediation="List what is scheduled from time to time.",
    check=check,
)
