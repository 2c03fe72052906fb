"""Rule draws-picture: does it turn the data it is given into a chart or a diagram?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

DRAWING = frozenset({"generate", "render", "draw", "create", "plot", "make"})
PICTURES = word_set("chart diagram plot histogram graph treemap sankey boxplot visualization mermaid wordcloud")

RULE = Rule(
    id="draws-picture",
    title="Draws a chart",
    question="Does it turn the data it is given into a chart or a diagram?",
    says=Category.READ,
    severity=Severity.INFO,
    rationale="It returns a picture of what it was given and changes nothing.",
    remediation="None needed.",
    patterns=(acts(DRAWING, PICTURES),),
    narrows=True,
)
