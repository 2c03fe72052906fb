"""Rule closes-session: does it log out, disconnect or close a session, a tab or a window?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import LEAVING, SESSIONS
from classifier.rule import Rule, acts

RULE = Rule(
    id="closes-session",
    title="Closes a session",
    question="Does it log out, disconnect or close a session, a tab or a window?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="What was open ends; unsaved work in it may be lost.",
    remediation="None needed beyond knowing it.",
    patterns=(
        acts(LEAVING, SESSIONS),
        acts(frozenset({"logout", "disconnect", "signout", "quit", "detach"})),
    ),
    narrows=True,
)
