"""Rule takes-contents: does it take the contents of what it changes?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CHANGING, CREATING, SENDING, word_set
from classifier.rule import Rule
from classifier.view import ToolView

WRITING = CREATING | CHANGING | SENDING
CONTENTS = word_set("content contents body text message data fields updates changes patch payload subject")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    if not view.main_verbs & WRITING:
        return
    taken = view.takes(CONTENTS)
    if taken:
        yield taken


RULE = Rule(
    id="takes-contents",
    title="Takes contents to store",
    question="Does it take the contents of what it changes?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="Who hands over a body, fields or changes expects them to be kept.",
    remediation="None needed beyond knowing it.",
    check=check,
)
