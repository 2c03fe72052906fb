"""Rule brings-strangers-text: does what it returns come from anybody, such as web pages or incoming mail?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import COMPUTING, DRIVING, LOOKING, word_set
from classifier.rule import FacetClaim, Rule, acts, takes

STRANGE = word_set(
    "web webpage website websites url urls page pages html article articles news tweet tweets post posts "
    "comment comments review reviews email emails inbox message messages issue issues thread threads "
    "snippet snippets internet google feed feeds rss conversation conversations browser element snapshot "
    "forum transcript subreddit"
)
ADDRESSES = frozenset({"url", "urls", "link", "website"})
OWN = frozenset({"size", "count", "types", "schema", "settings", "notification", "status"})

RULE = Rule(
    id="brings-strangers-text",
    title="Brings in what strangers wrote",
    question="Does what it returns come from anybody, such as web pages or incoming mail?",
    says=FacetClaim(Facet.UNTRUSTED_INPUT, "typical"),
    severity=Severity.LOW,
    rationale="Whoever writes such text can address the agent in it.",
    remediation="Do not let the same session act on money, secrets or deletion without asking.",
    patterns=(
        acts(LOOKING | COMPUTING | DRIVING, STRANGE, unless=OWN),
        takes(ADDRESSES, verbs=LOOKING | frozenset({"crawl", "scan", "navigate", "extract"})),
    ),
)
