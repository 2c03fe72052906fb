"""Rule uninstalls-software: does it uninstall software or withdraw a release?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import UNINSTALLING
from classifier.rule import Rule, acts

RULE = Rule(
    id="uninstalls-software",
    title="Uninstalls or unpublishes",
    question="Does it uninstall software or withdraw a release?",
    says=Category.DESTRUCTIVE,
    severity=Severity.HIGH,
    rationale="Whatever depends on the package, the app or the release stops working.",
    remediation="Ask before each call.",
    patterns=(acts(UNINSTALLING),),
    decisive=True,
)
