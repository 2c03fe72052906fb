"""Rule runs-query-language: does it run free SQL, Cypher or another query language?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import QUERIES, RUNNING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

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


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    if view.said.keys() & HELD_TO_READS:
        return
    yield from mentions_of(find_actions(view, ASKING, objects=QUERIES, sources=OPEN_SOURCES))
    taken = view.takes(STATEMENTS)
    if taken and view.main_verbs & ASKING:
        yield taken


RULE = Rule(
    id="runs-query-language",
    title="Runs a query language",
    question="Does it run free SQL, Cypher or another query language?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="A query language that is not held to reads can change or drop what it reaches.",
    remediation="Give it a database user with read rights only.",
    check=check,
)
