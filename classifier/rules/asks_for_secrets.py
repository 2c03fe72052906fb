"""Rule asks-for-secrets: does the text ask the agent to hand over keys, files of keys, or the conversation?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

WISHES = re.compile(
    (
        r"\b(?:include|pass|provide|send|paste|put|copy|append|attach|supply) (?:here )?(?:the |your )?"
        r"(?:full |entire |complete |whole |current )?"
        r"(?:conversation history|chat history|system prompt|conversation so far|previous messages"
        r"|earlier messages)\b"
        r"|\b(?:read|open|cat|load|include|send|pass|attach) (?:the )?(?:file |contents? (?:of )?|whole )?"
        r"(?:the )?(?:file )?~?/?(?:\.ssh/|id_rsa|id_ed25519|\.aws/credentials|\.env file|~/\.env"
        r"|/etc/passwd|/etc/shadow)"
        r"|\bcontents? of (?:the )?(?:file )?~?/?(?:\.ssh|\.aws|\.env|\.netrc|\.npmrc|etc/(?:passwd"
        r"|shadow)|.{0,20}mcp\.json)"
        r"|\b(?:read|send|pass|include) (?:all |any |the )?(?:environment variables|api keys|credentials"
        r"|private keys?) "
        r"(?:of the user|from the (?:environment|machine|system)|as (?:the )?(?:value|content|sidenote|context))"
    ).replace(" ", r"\s+")
)

_KEYS = ("environment variables", "api keys", "credentials", "private key", "private keys")
SIGNALS = (
    *(f"{keys} {whose}" for keys in _KEYS for whose in ("of the user", "from the", "as ")),
    "conversation history",
    "chat history",
    "system prompt",
    "conversation so far",
    "previous messages",
    "earlier messages",
    ".ssh",
    "id_rsa",
    "id_ed25519",
    ".aws",
    ".env",
    ".netrc",
    ".npmrc",
    "etc/passwd",
    "etc/shadow",
    "mcp.json",
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    yield from search_texts(view, WISHES)


RULE = Rule(
    id="asks-for-secrets",
    title="Asks for secrets or the conversation",
    question="Does the text ask the agent to hand over keys, files of keys, or the conversation?",
    says=Threat("asks for secrets"),
    severity=Severity.HIGH,
    rationale="A tool needs its own parameters; private keys and the conversation itself are not among them.",
    remediation="Do not use the server until its maker has explained why.",
    search=search,
    signals=SIGNALS,
    references=("Invariant Labs: tool poisoning attacks",),
)
