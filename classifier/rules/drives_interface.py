"""Rule drives-interface: does it click, type or navigate in a browser, an app or a desktop?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import DRIVING, word_set
from classifier.rule import Rule, acts

ALWAYS = frozenset({"click", "tap", "swipe", "doubleclick", "navigate", "hover"})
HANDS = DRIVING | word_set("drop key mouse")
LIGHT_HANDS = word_set("handle select upload check uncheck go back forward open resize play")
BROWSERS = word_set("browser dom simulator webpage webdriver tab cursor keyboard mouse viewport")
SCREENS = word_set(
    "browser page screen element keyboard mouse button ui form dialog simulator dom tab cursor selector webpage"
)

POINTING = frozenset({"move", "set", "control"})
POINTERS = frozenset({"mouse", "cursor", "pointer", "keyboard"})

RULE = Rule(
    id="drives-interface",
    title="Drives a user interface",
    question="Does it click, type or navigate in a browser, an app or a desktop?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale=("A click does whatever the page or the app does with it, and pages are written by strangers."),
    remediation="Use a profile that is logged in nowhere; ask on pages that matter.",
    patterns=(
        acts(HANDS, topic=SCREENS),
        acts(LIGHT_HANDS, topic=BROWSERS),
        acts(POINTING, POINTERS),
        acts(ALWAYS),
    ),
    narrows=True,
)
