"""Rule draws-picture: does it turn the data it is given into a chart or a diagram?"""

from collections.abc import Iterator

from catalog.vocabulary import Category, Severity
from classifier.actions import Mention
from classifier.lexicon import word_set
from classifier.rule import OPEN_SOURCES, Rule, find_actions, mentions_of
from classifier.view import ToolView

DRAWING = frozenset({"generate", "render", "draw", "create", "plot", "make"})
PICTURES = word_set("chart diagram plot histogram graph treemap sankey boxplot visualization mermaid cloud")


def check(view: ToolView) -> Iterator[Mention]:
    """Yield the words that answer yes."""
    yield from mentions_of(find_actions(view, DRAWING, objects=PICTURES, sources=OPEN_SOURCES))


RULE = Rule(
    id="draws-picture",
    title="Draws a chart",
    question="Does it turn the data it is given into a chart or a diagram?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="It returns a picture of what it was given and changes nothing.",
    remediation="None needed.",
    check=check,
)
