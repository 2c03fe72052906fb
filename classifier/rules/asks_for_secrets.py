"""Rule asks-for-secrets: does it want the conversation, the system prompt or a private key as an argument?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.view import TEXT_LIMIT, ToolView
from classifier.words import lowered

WISHES = re.compile(
    r"\b(?:include|pass|provide|send|paste|put|copy) (?:here )?(?:the |your )?(?:full |entire |complete |whole )?"
    r"(?:conversation history|chat history|system prompt|conversation so far)"
    r"|\bread (?:the )?(?:file )?(?:contents of )?~?/?\.?(?:\.ssh/|id_rsa|id_ed25519)"
    r"|\bcontents? of ~/\.(?:ssh|aws|env)"
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    for field, text in view.prose_texts():
        yield from (Passage(field, *found.span()) for found in WISHES.finditer(lowered(text[:TEXT_LIMIT])))


RULE = Rule(
    id="asks-for-secrets",
    title="Asks for what it need not know",
    question="Does it want the conversation, the system prompt or a private key as an argument?",
    says=Threat("asks for secrets"),
    severity=Severity.MEDIUM,
    rationale="A tool that asks for the conversation or for key files gets what it has no use for.",
    remediation="Deny the tool, or strip the argument.",
    search=search,
    signals=("history", "prompt", "conversation so far", "ssh", "rsa", "~/."),
    references=("OWASP Top 10 for LLM Applications: LLM02 Sensitive Information Disclosure",),
)
