"""Rule reads-with-queries: does the text say that its queries may only read?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import QUERIES, RUNNING
from classifier.rule import Rule, acts, says

HELD = frozenset(
    {
        "read-only",
        "readonly",
        "select-only",
        "promql",
        "metricsql",
        "logql",
        "explain",
        "soql",
        "kql",
        "lucene",
        "xpath",
        "jmespath",
        "jsonpath",
        "jql",
    }
)

ASKING = RUNNING | frozenset({"query", "run", "submit"})

RULE = Rule(
    id="reads-with-queries",
    title="Queries held to reads",
    question="Does the text say that its queries may only read?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="The text says that writing statements are refused.",
    remediation="Check that the server enforces it: use a database user with read rights only.",
    patterns=(
        acts(ASKING, QUERIES, said=HELD),
        says(HELD, topic=QUERIES),
    ),
    narrows=True,
)
