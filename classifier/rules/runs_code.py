"""Rule runs-code: does it run code, a script or a shell command that the caller supplies?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CODE, QUERIES, RUNNING, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

SUBMITTING = frozenset({"send", "inject", "submit"})
CODE_PARAMETERS = word_set("code script command commands cmd shell javascript python expression snippet")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, RUNNING | SUBMITTING, objects=CODE, unless=QUERIES, sources=OPEN_SOURCES))
    taken = view.takes(CODE_PARAMETERS)
    if taken and view.main_verbs & RUNNING:
        yield taken


RULE = Rule(
    id="runs-code",
    title="Runs code",
    question="Does it run code, a script or a shell command that the caller supplies?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="What happens depends on the code: it can do whatever its process may do.",
    remediation="Run it in a sandbox without credentials; ask before each call.",
    check=check,
)
