"""Rule controls-device: does it control a physical device or move something in the world?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

ACTUATING = word_set("set toggle open close lock unlock move play pause stop start switch press activate send enable")
DEVICES = word_set(
    "light lights lamp thermostat temperature door garage lock robot arm drone motor valve printer camera "
    "speaker volume tv playback music track heater fan vacuum blinds cover alarm relay gpio"
)

RULE = Rule(
    id="controls-device",
    title="Controls a device",
    question="Does it control a physical device or move something in the world?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="The effect is outside the computer and cannot be undone by software alone.",
    remediation="Ask before each call where people are near.",
    patterns=(
        acts(ACTUATING, DEVICES),
        acts(frozenset({"control"})),
    ),
    narrows=True,
)
