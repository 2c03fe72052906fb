"""Rule inspects-source: does it look through code or text for faults and report them?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

INSPECTING = word_set("scan analyze analyse lint check inspect review audit detect find score grade evaluate")
SOURCES_OF_FAULTS = word_set(
    "code source class classes component components antipatterns vulnerabilities smells violations syntax typos "
    "complexity duplicates dependencies manifest snippet accessibility contrast"
)
SET_OFF = word_set("background job pipeline remote schedule network host port server")

RULE = Rule(
    id="inspects-source",
    title="Inspects source",
    question="Does it look through code or text for faults and report them?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="The code is read, not run; what was found is the result.",
    remediation="None needed.",
    patterns=(acts(INSPECTING, SOURCES_OF_FAULTS, unless=SET_OFF),),
    narrows=True,
)
