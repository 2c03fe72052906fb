"""Rule overwrites-everything: is it made to replace everything that was there?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

FORCED = frozenset({"force-push", "force-pushes", "force-pushed", "hard-reset", "wipes", "erases"})
PUSHING = frozenset({"update", "commit", "sync", "upload", "apply", "write", "reset", "restore", "import"})
REPLACING = frozenset({"replace", "overwrite"})
WHOLE = frozenset({"all", "everything", "entire", "whole", "existing"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    mention = view.mention(FORCED)
    if mention and view.main_verbs & PUSHING:
        yield mention
    yield from mentions_of(find_actions(view, REPLACING, objects=WHOLE, sources=OPEN_SOURCES))


RULE = Rule(
    id="overwrites-everything",
    title="Overwrites everything",
    question="Is it made to replace everything that was there?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="The earlier content is lost as a whole, on purpose.",
    remediation="Ask before each call; keep the earlier version.",
    check=check,
)
