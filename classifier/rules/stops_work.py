"""Rule stops-work: does it cancel a job, a run or a query that is under way?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

STOPPING = word_set("cancel abort interrupt halt")
WORK = word_set(
    "job jobs run runs query queries task tasks build builds workflow workflows pipeline pipelines execution "
    "executions operation crawl scan sync download upload analysis generation process batch import export"
)
ENTITLEMENTS = word_set("order orders subscription booking reservation plan payment transfer campaign appointment")

RULE = Rule(
    id="stops-work",
    title="Stops work under way",
    question="Does it cancel a job, a run or a query that is under way?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="Work under way ends early; it can be started again.",
    remediation="Ask before each call where the work is long or costly.",
    patterns=(acts(STOPPING, WORK, unless=ENTITLEMENTS),),
    narrows=True,
)
