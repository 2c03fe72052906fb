"""Rule changes-session: does it log in, connect, select a project or set an option?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

CHOOSING = word_set("set select switch choose use open start change begin configure")
CONTEXTS = word_set(
    "session context project workspace option options mode default defaults config configuration active "
    "current profile account instance database preference preferences agent settings directory"
)

RULE = Rule(
    id="changes-session",
    title="Changes its own session",
    question="Does it log in, connect, select a project or set an option?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="Only what this server remembers changes.",
    remediation="None needed beyond knowing it.",
    patterns=(
        acts(frozenset({"login", "connect", "authenticate", "signin"})),
        acts(CHOOSING, CONTEXTS),
    ),
)
