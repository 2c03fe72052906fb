"""Rule only-simulates: does the text say that nothing real happens?"""

from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Mention
from classifier.rule import Rule, Threat
from classifier.view import ToolView

PRETENDING = frozenset(
    {"simulated", "simulate", "simulates", "paper", "dry-run", "dryrun", "what-if", "pretend", "mock"}
)
REAL = frozenset({"live", "real", "production", "optionally"})
SWITCHES = frozenset({"dry", "simulate", "preview", "live", "paper"})


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    said = view.mention(PRETENDING)
    if said and not view.said.keys() & REAL and not view.takes(SWITCHES):
        yield said


RULE = Rule(
    id="only-simulates",
    title="Only simulates",
    question="Does the text say that nothing real happens?",
    says=Threat("simulation"),
    severity=Severity.INFO,
    rationale="A preview or a dry run leaves everything as it is.",
    remediation="None needed.",
    check=check,
)
