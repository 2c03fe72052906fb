"""Rule drives-interface: does it click, type or navigate in a browser, an app or a desktop?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

ALWAYS = frozenset({"click", "tap", "swipe", "doubleclick", "navigate", "hover"})
HANDS = word_set(
    "press type drag drop scroll fill focus key keypress mouse gesture touch handle select upload go back "
    "forward open goto pinch shake resize play"
)
SCREENS = word_set(
    "browser page screen element keyboard mouse button ui form dialog simulator dom tab cursor selector webpage"
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    drives = find_actions(view, HANDS, sources=OPEN_SOURCES)
    yield from mentions_of(action for action in drives if view.topic_words & SCREENS or action.objects & SCREENS)
    yield from mentions_of(find_actions(view, ALWAYS, sources=OPEN_SOURCES))


RULE = Rule(
    id="drives-interface",
    title="Drives a user interface",
    question="Does it click, type or navigate in a browser, an app or a desktop?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale=("A click does whatever the page or the app does with it, and pages are written by strangers."),
    remediation="Use a profile that is logged in nowhere; ask on pages that matter.",
    check=check,
)
