"""Rule installs-software: does it install a package, a plugin or an app?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import INSTALLING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, INSTALLING, sources=OPEN_SOURCES))


RULE = Rule(
    id="installs-software",
    title="Installs software",
    question="Does it install a package, a plugin or an app?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="Installing runs what the package brings along, now or later.",
    remediation="Pin what may be installed; ask before each call.",
    check=check,
)
