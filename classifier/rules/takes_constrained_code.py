"""Rule takes-constrained-code: may the caller hand over a query or a request of a bounded language?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import QUERIES, RUNNING
from classifier.rule import FacetClaim, Rule, acts, takes

CALLS = frozenset({"request", "operation", "menu", "tool", "mutation", "api"})
STATEMENTS = frozenset({"sql", "cypher", "graphql", "promql", "logql", "soql", "manifest"})

RULE = Rule(
    id="takes-constrained-code",
    title="Takes a query language",
    question="May the caller hand over a query or a request of a bounded language?",
    says=FacetClaim(Facet.CODE_EXECUTION, "constrained"),
    severity=Severity.LOW,
    rationale="The language bounds what can happen, the arguments choose within it.",
    remediation="Give it a user with the least rights that do.",
    patterns=(
        acts(RUNNING | frozenset({"query"}), QUERIES | CALLS),
        acts(frozenset({"install"})),
        takes(STATEMENTS),
    ),
)
