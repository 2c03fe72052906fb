"""Rule only-simulates: does the text say that nothing real happens?"""

from catalog.vocabulary import Severity
from classifier.rule import Rule, Threat, says

PRETENDING = frozenset(
    {"simulated", "simulate", "simulates", "paper", "dry-run", "dryrun", "what-if", "pretend", "mock"}
)
REAL = frozenset({"live", "real", "production", "optionally"})
SWITCHES = frozenset({"dry", "simulate", "preview", "live", "paper"})

RULE = Rule(
    id="only-simulates",
    title="Only simulates",
    question="Does the text say that nothing real happens?",
    says=Threat("simulation"),
    severity=Severity.INFO,
    rationale="A preview or a dry run leaves everything as it is.",
    remediation="None needed.",
    patterns=(says(PRETENDING, never=REAL, takes_none=SWITCHES),),
)
