"""Rule reads-private-data: can what it returns hold what people or an organisation keep to themselves?"""

from catalog.vocabulary import Facet, Severity
from classifier.lexicon import LOOKING, word_set
from classifier.rule import FacetClaim, Rule, acts

QUERYING = frozenset({"query", "execute", "run", "analyze", "summarize", "extract", "parse"})
PRIVATE = word_set(
    "email emails mail message messages inbox chat chats conversation conversations contact contacts "
    "calendar event events user users customer customers employee patient profile account accounts "
    "balance balances file files document documents note notes record records row rows log logs memory "
    "memories contents transcript recording order orders transaction transactions invoice invoices "
    "payment payments photo photos entity entities node nodes sql query queries location history cell "
    "cells sheet screenshot settlement payout payouts refund refunds dispute disputes commit diff "
    "directory attachment attachments clipboard"
)
STRUCTURE = word_set(
    "schema schemas types docs documentation metadata template templates names groups count metrics api"
)
OPEN_SOURCES_OF_FACTS = word_set("wikipedia arxiv weather docs documentation registry npm pricing dictionary news")

RULE = Rule(
    id="reads-private-data",
    title="Reads private data",
    question="Can what it returns hold what people or an organisation keep to themselves?",
    says=FacetClaim(Facet.SENSITIVE_DATA, "private"),
    severity=Severity.LOW,
    rationale=(
        "Messages, files, logs and records are meant for those who have access to them, not for whoever "
        "the agent talks to next."
    ),
    remediation="Keep it apart from tools that send data out.",
    patterns=(acts(LOOKING | QUERYING, PRIVATE, unless=STRUCTURE, off=OPEN_SOURCES_OF_FACTS),),
)
