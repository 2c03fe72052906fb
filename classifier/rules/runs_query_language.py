"""Rule runs-query-language: does it run free SQL, Cypher or another query language?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import QUERIES, RUNNING
from classifier.rule import Rule, acts, takes

ASKING = RUNNING | frozenset({"query", "write", "run", "submit"})
STATEMENTS = frozenset({"sql", "cypher", "mutation", "statement", "statements"})
HELD_TO_READS = frozenset(
    {
        "read-only",
        "readonly",
        "select-only",
        "promql",
        "metricsql",
        "logql",
        "insights",
        "soql",
        "kql",
        "lucene",
        "xpath",
        "jq",
        "jmespath",
        "jsonpath",
        "jql",
        "regex",
    }
)

RULE = Rule(
    id="runs-query-language",
    title="Runs a query language",
    question="Does it run free SQL, Cypher or another query language?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="A query language that is not held to reads can change or drop what it reaches.",
    remediation="Give it a database user with read rights only.",
    patterns=(
        acts(ASKING, QUERIES, never=HELD_TO_READS),
        takes(STATEMENTS, verbs=ASKING, never=HELD_TO_READS),
    ),
    narrows=True,
)
