"""Rule runs-report: does it run a report, a search or an analysis whose result it returns?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CODE, RUNNING, word_set
from classifier.rule import Rule, acts

REPORTS = word_set(
    "report reports analysis search lookup diagnostics diagnostic comparison audit assessment check checks validation "
    "calculation calculations inspection forecast estimate"
)
STORED = word_set("workflow job schedule scheduled saved background test tests suite pipeline")

RULE = Rule(
    id="runs-report",
    title="Runs a report",
    question="Does it run a report, a search or an analysis whose result it returns?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="What runs only works out an answer; what it was worked out from stays as it was.",
    remediation="None needed; mind what the result may contain.",
    patterns=(acts(RUNNING, REPORTS, unless=STORED | CODE),),
    narrows=True,
)
