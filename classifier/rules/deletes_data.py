"""Rule deletes-data: does it delete, drop, purge or wipe something?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import ATTACHED, CACHES, DELETING, word_set
from classifier.rule import Rule, acts

# Files are dropped onto a page, data is dropped for good: the object tells which.
DROP = frozenset({"drop"})
DROPPED = word_set(
    "table tables database databases collection collections index indexes column columns schema view "
    "stash constraint partition keyspace"
)

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
    patterns=(
        acts(DELETING - DROP, unless=ATTACHED | CACHES),
        acts(DROP, DROPPED),
    ),
    decisive=True,
)
