"""Rule contradicts-schema: does the text say that it takes nothing, though the schema demands something?"""

import re
from collections.abc import Iterator, Mapping

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.rule import Rule, Threat
from classifier.texts import search_texts
from classifier.view import ToolView

_NOTHING = (
    r"\b(?:takes|requires|needs|accepts|has) no (?:parameters|arguments|inputs?)\b"
    r"|\bno (?:parameters|arguments|inputs?) (?:are |is )?(?:required|needed|necessary)\b"
    r"|\bdoes not (?:take|require|need|accept) any (?:parameters|arguments|inputs?)\b"
)
NOTHING = re.compile(_NOTHING.replace(" ", r"\s+"))
SIGNALS = (
    *(f"no {what}" for what in ("parameters", "arguments", "input")),
    *(f"any {what}" for what in ("parameters", "arguments", "input")),
)


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the words that answer yes; only of the description, and only where a parameter is required."""
    schema = view.definition.input_schema
    required = schema.get("required") if isinstance(schema, Mapping) else None
    if isinstance(required, list) and required and view.parameters:
        yield from (place for place in search_texts(view, NOTHING) if place.field == "description")


RULE = Rule(
    id="contradicts-schema",
    title="Contradicts its own schema",
    question="Does the text say that it takes nothing, though the schema demands something?",
    says=Threat("contradicted schema"),
    severity=Severity.LOW,
    rationale="Who reads only the text does not see what the agent is made to hand over.",
    remediation="Look at what the required parameters ask for before you allow the tool.",
    search=search,
    signals=SIGNALS,
)
