"""Rule uninstalls-software: does it uninstall software or withdraw a release?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import UNINSTALLING
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, UNINSTALLING, sources=OPEN_SOURCES))


RULE = Rule(
    id="uninstalls-software",
    title="Uninstalls or unpublishes",
    question="Does it uninstall software or withdraw a release?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="Whatever depends on the package, the app or the release stops working.",
    remediation="Ask before each call.",
    check=check,
    decisive=True,
)
