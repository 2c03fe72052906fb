"""Rule calls-any-api: does the caller choose the method or the endpoint of a request?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import RUNNING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

METHODS = frozenset({"method", "verb"})
TARGETS = frozenset({"url", "endpoint", "path", "uri", "service", "request"})
REQUESTING = frozenset({"make", "send"})
OPERATIONS = frozenset({"request", "requests", "api", "mutation"})
VERBS_OF_HTTP = frozenset({"post", "put", "patch"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    taken = view.takes(METHODS)
    if taken and view.takes(TARGETS):
        yield taken
    yield from mentions_of(find_actions(view, RUNNING | REQUESTING, objects=OPERATIONS, sources=OPEN_SOURCES))
    said = view.mention(VERBS_OF_HTTP)
    if said and view.topic_words & {"http", "request"} and view.takes(TARGETS):
        yield said


RULE = Rule(
    id="calls-any-api",
    title="Calls any API",
    question="Does the caller choose the method or the endpoint of a request?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale=("With a method or an endpoint as argument the tool does whatever the API offers, deletion included."),
    remediation="Allow only the reading method by an argument condition.",
    check=check,
)
