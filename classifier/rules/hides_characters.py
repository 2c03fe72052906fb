"""Rule hides-characters: does the text hold characters that people cannot see?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

# Flags of regions are spelled with tag characters after a black flag, and emoji are joined: both are honest.
INVISIBLE = re.compile(
    "(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+|[\u202a-\u202e\u2066-\u2069]+|[\u200b\u2060\u2062-\u2064]{3,}"
    "|[\U000e0100-\U000e01ef]{2,}|[\ufe00-\ufe0f]{3,}"
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    yield from search_texts(view, INVISIBLE, lower=False)


def decode_tags(text: str) -> str:
    """Read what tag characters and variation selectors spell, which no screen shows."""
    letters = []
    for letter in text:
        code = ord(letter)
        if 0xE0020 <= code <= 0xE007E:
            letters.append(chr(code - 0xE0000))
        elif 0xE0100 <= code <= 0xE01EF:
            letters.append(chr(code - 0xE0100 + 16))
    return "".join(one for one in letters if one.isprintable())


RULE = Rule(
    id="hides-characters",
    title="Hides characters",
    question="Does the text hold characters that people cannot see?",
    says=Threat("hidden characters"),
    severity=Severity.HIGH,
    rationale="What people cannot see, a model still reads; honest texts have no use for it.",
    remediation="Do not use the server; look at the hidden text with `toolrisk explain`.",
    search=search,
    decode=decode_tags,
    references=("Unicode Technical Standard 39: Unicode Security Mechanisms",),
)
