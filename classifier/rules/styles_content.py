"""Rule styles-content: does it change how text, cells or shapes look?"""

from catalog.vocabulary import Category, Severity
from classifier.lexicon import word_set
from classifier.rule import Rule, acts

STYLING = word_set("format style align colour color highlight indent bold italicize underline shade resize")
STYLED = word_set(
    "text table tables cell cells range paragraph paragraphs font row rows column columns heading headings slide "
    "slides shape shapes border borders sheet title list"
)
OF_CODE = word_set("code source json yaml sql xml date number")

RULE = Rule(
    id="styles-content",
    title="Styles content",
    question="Does it change how text, cells or shapes look?",
    says=Category.WRITE,
    severity=Severity.LOW,
    rationale="The look of something that is kept changes; setting it again puts it back.",
    remediation="Allow it where the document has versions.",
    patterns=(acts(STYLING, STYLED, unless=OF_CODE),),
    narrows=True,
)
