"""Rule schedules-code: does it schedule a job or code to run later?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CODE, CREATING, MACHINES, SCHEDULING
from classifier.rule import Rule, acts

TIMERS = frozenset({"cron", "cronjob", "trigger", "triggers"})

RULE = Rule(
    id="schedules-code",
    title="Schedules code",
    question="Does it schedule a job or code to run later?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="What is scheduled runs later, again and again, with nobody watching.",
    remediation="Ask before each call; list what is scheduled.",
    patterns=(
        acts(SCHEDULING, MACHINES | CODE),
        acts(CREATING, TIMERS),
    ),
)
