"""Rule acts-on-system: can one call touch a whole machine, database, account or organisation?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import CHANGING, CLEARING, CREATING, DELETING, LIFECYCLE, RUNNING, word_set
from classifier.rule import FacetClaim, Rule, acts

WHOLE = word_set(
    "database instance cluster organization account workspace server namespace all everything disk system vm"
)
WIDE = frozenset({"sql", "cypher", "shell", "bash", "command", "ddl", "database", "query", "code"})
GLOBAL = frozenset({"organization", "tenant", "domain", "workspace-level", "global", "system-wide", "firewall"})

RULE = Rule(
    id="acts-on-system",
    title="Acts on a whole system",
    question="Can one call touch a whole machine, database, account or organisation?",
    says=FacetClaim(Facet.BLAST_RADIUS, "system"),
    severity=Severity.LOW,
    rationale="One mistaken call takes the whole system with it.",
    remediation="Ask before each call.",
    patterns=(
        acts(DELETING | LIFECYCLE | CLEARING, WHOLE),
        acts(RUNNING | frozenset({"query", "write"}), WIDE),
        acts(CHANGING | CREATING | DELETING, GLOBAL),
    ),
)
