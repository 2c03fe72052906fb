"""Rule controls-device: does it control a physical device or move something in the world?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

ACTUATING = word_set("set toggle open close lock unlock move play pause stop start switch press activate send enable")
DEVICES = word_set(
    "light lights lamp thermostat temperature door garage lock robot arm drone motor valve printer camera "
    "speaker volume tv playback music track heater fan vacuum blinds cover alarm relay gpio"
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, ACTUATING, objects=DEVICES, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, frozenset({"control"}), sources=OPEN_SOURCES))


RULE = Rule(
    id="controls-device",
    title="Controls a device",
    question="Does it control a physical device or move something in the world?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="The effect is outside the computer and cannot be undone by software alone.",
    remediation="Ask before each call where people are near.",
    check=check,
)
