"""Rule installs-software: does it install a package, a plugin or an app?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import INSTALLING
from classifier.rule import Rule, acts

RULE = Rule(
    id="installs-software",
    title="Installs software",
    question="Does it install a package, a plugin or an app?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="Installing runs what the package brings along, now or later.",
    remediation="Pin what may be installed; ask before each call.",
    patterns=(acts(INSTALLING),),
)
