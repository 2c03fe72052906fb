"""Rule contradicts-read-only-hint: is it declared read-only although it is named for a change?"""

from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Mention, Source
from classifier.lexicon import DELETING, SENDING, UNINSTALLING
from classifier.rule import Rule, Threat, find_actions, mentions_of
from classifier.view import ToolView

CHANGES = (
    DELETING
    | UNINSTALLING
    | (SENDING - frozenset({"message", "mail", "email", "post", "comment", "submit", "request", "answer"}))
    | frozenset({"pay", "refund", "update", "write"})
)
PICTURES = frozenset({"query", "preview", "summary"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    if view.hints.get("readOnlyHint") is True:
        yield from mentions_of(find_actions(view, CHANGES, unless=PICTURES, sources=frozenset({Source.NAME})))


RULE = Rule(
    id="contradicts-read-only-hint",
    title="Contradicts its read-only hint",
    question="Is it declared read-only although it is named for a change?",
    says=Threat("contradicted hint"),
    severity=Severity.MEDIUM,
    rationale="A client that trusts the hint would let the change through without asking.",
    remediation="Correct the hint; do not base a policy on it.",
    check=check,
    references=("Model Context Protocol: ToolAnnotations",),
)
