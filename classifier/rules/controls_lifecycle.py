"""Rule controls-lifecycle: does it start, stop, restart, pause, scale or deploy something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import LIFECYCLE, MACHINES, word_set
from classifier.rule import NAMED, TITLED, Rule, acts

HARMLESS = word_set("session sprint timer conversation transaction chat authentication auth login discussion codegen")
TURNING = frozenset({"cycle", "release", "rollback", "retry"})

RULE = Rule(
    id="controls-lifecycle",
    title="Starts and stops things",
    question="Does it start, stop, restart, pause, scale or deploy something?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="It changes what is running, and whoever relies on it notices.",
    remediation="Ask before each call.",
    patterns=(
        acts(LIFECYCLE, unless=HARMLESS, sources=TITLED),
        acts(TURNING, MACHINES, sources=NAMED),
    ),
)
