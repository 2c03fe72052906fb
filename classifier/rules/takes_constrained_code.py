"""Rule takes-constrained-code: may the caller hand over a query or a request of a bounded language?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import QUERIES, RUNNING
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

CALLS = frozenset({"request", "operation", "menu", "tool", "mutation", "api"})
STATEMENTS = frozenset({"sql", "cypher", "graphql", "promql", "logql", "soql", "manifest"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(
        find_actions(view, RUNNING | frozenset({"query"}), objects=QUERIES | CALLS, sources=OPEN_SOURCES)
    )
    yield from mentions_of(find_actions(view, frozenset({"install"}), sources=OPEN_SOURCES))
    taken = view.takes(STATEMENTS)
    if taken:
        yield taken


RULE = Rule(
    id="takes-constrained-code",
    title="Takes a query language",
    question="May the caller hand over a query or a request of a bounded language?",
    says=FacetClaim(Facet.CODE_EXECUTION, "constrained"),
    severity=Severity.LOW,
    rationale="The language bounds what can happen, the arguments choose within it.",
    remediation="Give it a user with the least rights that do.",
    check=check,
)
