"""Rule overwrites-everything: is it made to replace everything that was there?"""

from catalog.vocabulary import Category, Severity
from classifier.rule import Rule, acts, says

FORCED = frozenset({"force-push", "force-pushes", "force-pushed", "hard-reset", "wipes", "erases"})
PUSHING = frozenset({"update", "commit", "sync", "upload", "apply", "write", "reset", "restore", "import"})
REPLACING = frozenset({"replace", "overwrite"})
WHOLE = frozenset({"all", "everything", "entire", "whole", "existing"})

RULE = Rule(
    id="overwrites-everything",
    title="Overwrites everything",
    question="Is it made to replace everything that was there?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="The earlier content is lost as a whole, on purpose.",
    remediation="Ask before each call; keep the earlier version.",
    patterns=(
        says(FORCED, verbs=PUSHING),
        acts(REPLACING, WHOLE),
    ),
)
