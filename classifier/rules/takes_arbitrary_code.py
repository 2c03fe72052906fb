"""Rule takes-arbitrary-code: may the caller hand over any code or command?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import QUERIES, RUNNING, word_set
from classifier.rule import FacetClaim, Rule, acts, takes

CODES = frozenset({"code", "command", "commands", "script", "cmd", "javascript", "python"})
TYPING = frozenset({"inject", "submit", "interact"})
PLAIN = frozenset({"source", "run", "to", "string", "text", "js", "body", "shell", "line"})
LANGUAGES = word_set(
    "code javascript python shell bash command commands terminal powershell script c lua ruby applescript"
)
PRESET = frozenset({"batch", "menu", "saved", "predefined"})

RULE = Rule(
    id="takes-arbitrary-code",
    title="Takes arbitrary code",
    question="May the caller hand over any code or command?",
    says=FacetClaim(Facet.CODE_EXECUTION, "arbitrary"),
    severity=Severity.LOW,
    rationale="Any code means any effect that the process is allowed to have.",
    remediation="Run it in a sandbox without credentials.",
    patterns=(
        takes(CODES, beside=PLAIN, verbs=RUNNING | TYPING),
        acts(RUNNING, LANGUAGES, unless=QUERIES | PRESET),
    ),
)
