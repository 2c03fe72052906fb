"""Rule uses-homoglyphs: is the name, or a parameter's, written with letters that only look Latin?"""

from collections.abc import Iterator

from catalog.vocabulary import Severity
from classifier.actions import Passage
from classifier.lookalikes import mixes_scripts
from classifier.rule import Rule, Threat
from classifier.view import ToolView


def search(view: ToolView) -> Iterator[Passage]:
    """Yield the names that answer yes."""
    names = [("name", view.definition.name)]
    names += [(parameter.field, parameter.name) for parameter in view.parameters if not parameter.name.isascii()]
    yield from (Passage(field, 0, len(name)) for field, name in names if mixes_scripts(name))


RULE = Rule(
    id="uses-homoglyphs",
    title="Writes names with look-alike letters",
    question="Is the name, or a parameter's, written with letters that only look Latin?",
    says=Threat("look-alike letters"),
    severity=Severity.HIGH,
    rationale="Two names that look the same are two tools: one can stand in for the other unseen.",
    remediation="Do not use the server; compare the name letter by letter.",
    search=search,
    references=("Unicode Technical Standard 39: Unicode Security Mechanisms",),
)
