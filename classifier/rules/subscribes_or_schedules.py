"""Rule subscribes-or-schedules: does it put something on a calendar or set up a webhook or an alert?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import CODE, CREATING, MACHINES, SCHEDULING, word_set
from classifier.rule import Rule, acts

FEEDS = word_set("webhook webhooks alert alerts event events meeting reminder subscription appointment")

RULE = Rule(
    id="subscribes-or-schedules",
    title="Schedules or subscribes",
    question="Does it put something on a calendar or set up a webhook or an alert?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="It will make itself felt later; removing the entry puts things back.",
    remediation="List what is scheduled from time to time.",
    patterns=(
        acts(SCHEDULING, unless=MACHINES | CODE),
        acts(CREATING, FEEDS),
    ),
)
