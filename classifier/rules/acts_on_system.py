"""Rule acts-on-system: can one call touch a whole machine, database, account or organisation?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import CHANGING, CLEARING, CREATING, DELETING, LIFECYCLE, RUNNING, word_set
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

WHOLE = word_set(
    "database instance cluster organization account workspace server namespace all everything disk system vm"
)
WIDE = frozenset({"sql", "cypher", "shell", "bash", "command", "ddl", "database", "query", "code"})
GLOBAL = frozenset({"organization", "tenant", "domain", "workspace-level", "global", "system-wide", "firewall"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, DELETING | LIFECYCLE | CLEARING, objects=WHOLE, sources=OPEN_SOURCES))
    yield from mentions_of(
        find_actions(view, RUNNING | frozenset({"query", "write"}), objects=WIDE, sources=OPEN_SOURCES)
    )
    yield from mentions_of(find_actions(view, CHANGING | CREATING | DELETING, objects=GLOBAL, sources=OPEN_SOURCES))


RULE = Rule(
    id="acts-on-system",
    title="Acts on a whole system",
    question="Can one call touch a whole machine, database, account or organisation?",
    says=FacetClaim(Facet.BLAST_RADIUS, "system"),
    severity=Severity.LOW,
    rationale="One mistaken call takes the whole system with it.",
    remediation="Ask before each call.",
    check=check,
)
