"""Rule terminates-running: does it kill a process or destroy a running machine?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import DELETING, MACHINES
from classifier.rule import Rule, acts

ENDING = frozenset({"terminate", "kill", "destroy"})

RULE = Rule(
    id="terminates-running",
    title="Terminates what runs",
    question="Does it kill a process or destroy a running machine?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="What ran is lost together with its unsaved state.",
    remediation="Ask before each call.",
    patterns=(
        acts(ENDING),
        acts(DELETING, MACHINES),
    ),
)
