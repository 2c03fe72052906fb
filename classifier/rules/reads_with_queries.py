"""Rule reads-with-queries: does the text say that its queries may only read?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import QUERIES
from classifier.rule import Rule
from classifier.view import ToolView

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


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    said = view.mention(HELD)
    if said and view.topic_words & QUERIES:
        yield said


RULE = Rule(
    id="reads-with-queries",
    title="Queries held to reads",
    question="Does the text say that its queries may only read?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="The text says that writing statements are refused.",
    remediation="Check that the server enforces it: use a database user with read rights only.",
    check=check,
)
