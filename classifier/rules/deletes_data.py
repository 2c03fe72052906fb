"""Rule deletes-data: does it delete, drop, purge or wipe something?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import CACHES, DELETING, MINOR, word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

# Files are dropped onto a page, data is dropped for good: the object tells which.
DROP = frozenset({"drop"})
DROPPED = word_set(
    "table tables database databases collection collections index indexes column columns schema view "
    "stash constraint partition keyspace"
)


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, DELETING - DROP, unless=MINOR | CACHES, sources=OPEN_SOURCES))
    yield from mentions_of(find_actions(view, DROP, objects=DROPPED, sources=OPEN_SOURCES))


RULE = Rule(
    id="deletes-data",
    title="Deletes data",
    question="Does it delete, drop, purge or wipe something?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale=(
        "What it deletes is gone once the call returns, unless the text says that it goes to a trash or an archive."
    ),
    remediation="Ask before each call, and back up what it can reach.",
    check=check,
    decisive=True,
)
