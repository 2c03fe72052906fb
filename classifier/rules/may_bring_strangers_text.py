"""Rule may-bring-strangers-text: can what it returns hold text that others put there?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import LOOKING, RUNNING, word_set
from classifier.rule import FacetClaim, Rule, acts

MIXED = word_set(
    "log logs file files contents content document documents record records row rows sql query queries "
    "event events trace traces error errors output note notes memory entity entities commit commits diff "
    "pdf ticket tickets pod resource resources database cell cells attachment node"
)
STRUCTURE = frozenset({"schema", "schemas", "types", "docs", "documentation", "metadata", "names", "count", "metrics"})

RULE = Rule(
    id="may-bring-strangers-text",
    title="May bring in what others wrote",
    question="Can what it returns hold text that others put there?",
    says=FacetClaim(Facet.UNTRUSTED_INPUT, "possible"),
    severity=Severity.LOW,
    rationale="Logs, records and files can carry words that somebody outside wrote into them.",
    remediation="Treat what it returns as data, not as instructions.",
    patterns=(acts(LOOKING | RUNNING, MIXED, unless=STRUCTURE),),
)
