"""Rule invokes-other-tools: does it call other tools or commands by name?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import RUNNING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

TOOLS = frozenset({"tool", "tools", "commands", "menu", "actions", "operation", "operations"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, RUNNING, objects=TOOLS, sources=OPEN_SOURCES))


RULE = Rule(
    id="invokes-other-tools",
    title="Invokes other tools",
    question="Does it call other tools or commands by name?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="It can do whatever the tools can do that it calls.",
    remediation="Treat it as the strongest tool that it reaches.",
    check=check,
)
