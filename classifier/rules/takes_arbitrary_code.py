"""Rule takes-arbitrary-code: may the caller hand over any code or command?"""

from collections.abc import Iterator

from catalog.vocabulary import Facet, Severity
from classifier.actions import Mention
from classifier.lexicon import QUERIES, RUNNING, word_set
from classifier.rule import OPEN_SOURCES, FacetClaim, Rule, find_actions, mentions_of
from classifier.view import ToolView

CODES = frozenset({"code", "command", "commands", "script", "cmd", "javascript", "python"})
TYPING = frozenset({"inject", "submit", "interact"})
PLAIN = frozenset({"source", "run", "to", "string", "text", "js", "body", "shell", "line"})
LANGUAGES = word_set(
    "code javascript python shell bash command commands terminal powershell script c lua ruby applescript"
)
PRESET = frozenset({"batch", "menu", "saved", "predefined"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    if view.main_verbs & (RUNNING | TYPING):
        for parameter in view.parameters:
            if parameter.words & CODES and parameter.words <= CODES | PLAIN:
                yield parameter.mention
    yield from mentions_of(
        find_actions(view, RUNNING, objects=LANGUAGES, unless=QUERIES | PRESET, sources=OPEN_SOURCES)
    )


RULE = Rule(
    id="takes-arbitrary-code",
    title="Takes arbitrary code",
    question="May the caller hand over any code or command?",
    says=FacetClaim(Facet.CODE_EXECUTION, "arbitrary"),
    severity=Severity.LOW,
    rationale="Any code means any effect that the process is allowed to have.",
    remediation="Run it in a sandbox without credentials.",
    check=check,
)
