"""Rule calls-any-api: does the caller choose the method or the endpoint of a request?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import RUNNING
from classifier.rule import Rule, acts, says, takes

METHODS = frozenset({"method", "verb"})
TARGETS = frozenset({"url", "endpoint", "path", "uri", "service", "request"})
REQUESTING = frozenset({"make", "send"})
OPERATIONS = frozenset({"request", "requests", "api", "mutation"})
VERBS_OF_HTTP = frozenset({"post", "put", "patch"})
HTTP = frozenset({"http", "request"})

RULE = Rule(
    id="calls-any-api",
    title="Calls any API",
    question="Does the caller choose the method or the endpoint of a request?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale=("With a method or an endpoint as argument the tool does whatever the API offers, deletion included."),
    remediation="Allow only the reading method by an argument condition.",
    patterns=(
        takes(METHODS, takes=TARGETS),
        acts(RUNNING | REQUESTING, OPERATIONS),
        says(VERBS_OF_HTTP, topic=HTTP, takes=TARGETS),
    ),
)
