"""Rule triggers-job: does it set off a build, a sync, a scan, a crawl or a test run?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import QUERIES, TRIGGERING, word_set
from classifier.rule import Rule, acts

TRIGGERED = TRIGGERING - frozenset({"test", "queue", "run", "build"})
STARTING = frozenset({"run", "execute", "queue", "test", "build", "create", "start", "perform", "invoke"})
JOBS = word_set(
    "job jobs test tests build builds workflow workflows pipeline pipelines task tasks scan crawl sync "
    "crawler benchmark app target project automation scenario playbook experiment run simulation action "
    "package packages image solution scheme agent suite sim simulator device macos ios"
)

RULE = Rule(
    id="triggers-job",
    title="Triggers a job",
    question="Does it set off a build, a sync, a scan, a crawl or a test run?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="A job takes effect beyond the call and uses up what it runs on.",
    remediation="Ask before each call, or limit how often.",
    patterns=(
        acts(TRIGGERED),
        acts(STARTING, JOBS, unless=QUERIES),
    ),
)
