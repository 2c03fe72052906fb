"""Rule runs-code: does it run code, a script or a shell command that the caller supplies?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CODE, QUERIES, RUNNING, word_set
from classifier.rule import Rule, acts, takes

SUBMITTING = frozenset({"send", "inject", "submit"})
CODE_PARAMETERS = word_set("code script command commands cmd shell javascript python expression snippet")

CALCULATORS = word_set("calculator arithmetic calculates calculate")

RULE = Rule(
    id="runs-code",
    title="Runs code",
    question="Does it run code, a script or a shell command that the caller supplies?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="What happens depends on the code: it can do whatever its process may do.",
    remediation="Run it in a sandbox without credentials; ask before each call.",
    patterns=(
        acts(RUNNING | SUBMITTING, CODE, unless=QUERIES, off=CALCULATORS),
        takes(CODE_PARAMETERS, verbs=RUNNING),
    ),
    narrows=True,
)
