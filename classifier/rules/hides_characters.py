"""Rule hides-characters: does the text hold characters that people do not see but a model reads?"""

import re
from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.view import TEXT_LIMIT, ToolView

# Flags of regions are spelled in tag characters after a black flag: those are ordinary emoji.
INVISIBLE = re.compile(
    "(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+|[\u202a-\u202e\u2066-\u2069]+|[\u200b\u2060]{3,}"
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes."""
    for field, text in view.prose_texts():
        if not text.isascii():
            yield from (Passage(field, *found.span()) for found in INVISIBLE.finditer(text[:TEXT_LIMIT]))


RULE = Rule(
    id="hides-characters",
    title="Hides characters",
    question="Does the text hold characters that people do not see but a model reads?",
    says=Threat("hidden characters"),
    severity=Severity.HIGH,
    rationale="Tag characters and bidirectional overrides show people another text than the model gets.",
    remediation="Do not use the server until its maker has explained the text.",
    search=search,
    references=(
        "CVE-2021-42574",
        "Unicode Technical Report 36",
    ),
)
