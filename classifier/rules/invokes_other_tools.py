"""Rule invokes-other-tools: does it call other tools or commands by name?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import RUNNING
from classifier.rule import Rule, acts

TOOLS = frozenset({"tool", "tools", "commands", "menu", "actions", "operation", "operations"})

RULE = Rule(
    id="invokes-other-tools",
    title="Invokes other tools",
    question="Does it call other tools or commands by name?",
    says=Category.EXECUTE,
    severity=Severity.MEDIUM,
    rationale="It can do whatever the tools can do that it calls.",
    remediation="Treat it as the strongest tool that it reaches.",
    patterns=(acts(RUNNING, TOOLS),),
)
