"""Rule collects-by-url: does the text tell the agent to put data into an address that somebody else reads?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

_CARRY = (
    r"!\[[^\]\n]{0,60}\]\(https?://[^)\s]{1,200}[?&][^)\s=]{1,40}=(?:\{|\[|<|\$|%7b|data|secret|content)"
    r"|\b(?:append|add|encode|put|include|send|post|forward|upload) (?:\w+ ){0,6}"
    r"(?:conversation|secrets?|passwords?|api keys?|credentials|tokens?|private data|file contents?"
    r"|user data|results?) "
    r"(?:\w+ ){0,4}(?:to|in|into|at) (?:the )?(?:url |address |endpoint |query )?https?://"
)
CARRIES = re.compile(_CARRY.replace(" ", r"\s+"))

_LEADS = ("to", "in", "into", "at", "url", "address", "endpoint", "query")
SIGNALS = ("![", *(f"{lead} http{secure}://" for lead in _LEADS for secure in ("", "s")))


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    yield from search_texts(view, CARRIES)


RULE = Rule(
    id="collects-by-url",
    title="Sends data to a fixed address",
    question="Does the text tell the agent to put data into an address that somebody else reads?",
    says=Threat("collects data"),
    severity=Severity.HIGH,
    rationale="Data that is put into an address arrives at whoever owns it, and no tool call shows it.",
    remediation="Do not use the server; tell its maker.",
    search=search,
    signals=SIGNALS,
    references=("OWASP Top 10 for LLM Applications: LLM01 Prompt Injection",),
)
