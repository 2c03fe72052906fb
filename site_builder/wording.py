"""What the site says in words: labels and sentences for the vocabulary, apart from the markup.

Not for judgement: each sentence restates a value that another stage decided.
"""

from functools import lru_cache

from catalog.records import Evidence
from catalog.vocabulary import Category, Claim, Facet, Outcome, Risk, Role
from policy.recommendation import Decision, Recommendation

CATEGORY_MEANS = {
    Category.READ: "It retrieves or computes something; nothing outside the call changes.",
    Category.WRITE: "It creates, changes or sends something; nothing that was there is lost for good.",
    Category.EXECUTE: "It makes something run: what happens depends on its arguments.",
    Category.DESTRUCTIVE: "It removes, ends or overwrites something, and what is lost may not come back.",
    Category.FINANCIAL: "It moves, commits or releases money or a tradable asset.",
}

CATEGORY_CONSEQUENCE = {
    Category.READ: "What a tool reads enters the agent's context: private data can leave by another tool, and "
    "words written by strangers can steer the agent.",
    Category.WRITE: "An agent that was misled, or that repeats itself, changes or sends things in your name.",
    Category.EXECUTE: "Its effect is only as limited as its arguments: a misled agent chooses what runs.",
    Category.DESTRUCTIVE: "One wrong call loses something for good or stops what was running.",
    Category.FINANCIAL: "One wrong call costs money, and a finished transfer is rarely undone.",
}

RISK_MEANS = {
    Risk.LOW: "A wrong call does no lasting harm.",
    Risk.MEDIUM: "A wrong call changes something or sends something out; the harm is limited or can be repaired.",
    Risk.HIGH: "A wrong call can reach far past its purpose, or shows what should have stayed secret.",
    Risk.CRITICAL: "A wrong call can lose data, access or money for good.",
}

FACET_LABEL = {
    Facet.REVERSIBILITY: "Can it be undone?",
    Facet.EGRESS: "Does anything leave?",
    Facet.UNTRUSTED_INPUT: "Do strangers' words come in?",
    Facet.SENSITIVE_DATA: "Does it show sensitive data?",
    Facet.PRIVILEGE: "Does it change permissions?",
    Facet.MONEY: "Is money involved?",
    Facet.CODE_EXECUTION: "Does it run code?",
    Facet.BLAST_RADIUS: "How much does one call reach?",
}

FACET_VALUE = {
    Facet.REVERSIBILITY: {
        "none_needed": "Nothing to undo",
        "reversible": "Yes, with another call",
        "recoverable": "With some effort",
        "irreversible": "No",
        "unknown": "The definition does not say",
    },
    Facet.EGRESS: {
        "none": "No",
        "internal": "Only inside the connected service",
        "third_party": "Yes, to others",
        "arbitrary": "Yes, to any recipient or address",
    },
    Facet.UNTRUSTED_INPUT: {"none": "No", "possible": "Possibly", "typical": "Yes, typically"},
    Facet.SENSITIVE_DATA: {"none": "No", "private": "Yes, private data", "credentials": "Yes, credentials"},
    Facet.PRIVILEGE: {"none": "No", "own": "Its own", "others": "Yes, those of others"},
    Facet.MONEY: {
        "none": "No",
        "reads": "It reads amounts",
        "metered": "A call has a price",
        "moves": "Yes, it moves money",
    },
    Facet.CODE_EXECUTION: {"none": "No", "constrained": "Within limits", "arbitrary": "Yes, any code"},
    Facet.BLAST_RADIUS: {"item": "One item", "bulk": "Many items", "system": "The whole system"},
}

QUIET_VALUES = frozenset({"none", "none_needed", "reversible", "internal", "item"})

OUTCOME_MEANS = {
    Outcome.COMPLETE: "Every tool definition found in the source was read.",
    Outcome.PARTIAL: "Some of what this server offers could not be read from its source, so the list may lack tools.",
    Outcome.NO_TOOLS: "No tool definition was found in the source. That is not proof that there is none.",
    Outcome.FAILED: "The source could not be read, so nothing is known about this server's tools.",
    Outcome.SEVERAL: "The source holds several servers; each of them has a page of its own.",
}

OUTCOME_LABEL = {
    Outcome.COMPLETE: "Complete",
    Outcome.PARTIAL: "Partial",
    Outcome.NO_TOOLS: "No tools found",
    Outcome.FAILED: "Not analysed",
    Outcome.SEVERAL: "Several servers",
}

ROLE_LABEL = {
    Role.SERVER: "Server",
    Role.GATEWAY: "Gateway: it also offers the tools of other servers",
    Role.KIT: "Kit to build servers with",
}

CLAIM_MEANS = {
    Claim.VERIFIED: "Verified: this package and the repository that it names as its own belong together.",
    Claim.UNVERIFIED: "Not verified: the repository that this package names as its own does not name the package. "
    "Whoever made the one may have nothing to do with the other.",
    Claim.UNKNOWN: "Not checked: the repository that this package names as its own was not looked at.",
}

NOT_ANALYSED = "Not analysed"
NOT_ANALYSED_MEANS = (
    "This tool was found in the source, and has not been classified. Unknown is not safe: until it is classified, "
    "the recommended policy denies it."
)

_PARTS = {"name": "the name", "title": "the title", "description": "the description", "server": "the server"}

_PERCENTAGES = [f"{number}\N{NO-BREAK SPACE}%" for number in range(101)]

_DECISION = {
    Decision.ALLOW: "Allow",
    Decision.ASK: "Ask a person each time",
    Decision.DENY: "Deny",
    Decision.HIDE: "Hide from the agent",
}


def decision_words(recommendation: Recommendation) -> str:
    """Say a recommendation in a few words, its limits and that it has conditions included."""
    words = _DECISION[recommendation.decision]
    for limit in recommendation.limits:
        words += f", at most {plural(limit.max, 'call')} a {limit.window}"
    return f"{words}, on conditions for its arguments" if recommendation.is_conditional else words


def evidence_field_words(evidence: Evidence) -> str:
    """Say which part of the definition a quote is from."""
    return _PARTS.get(evidence.field) or _field_words(evidence.field)


@lru_cache(maxsize=10_000)
def _field_words(field: str) -> str:
    if field.startswith("annotations."):
        return f"the declared {field.removeprefix('annotations.')}"
    parameter = field.removeprefix("inputSchema.").replace("properties.", "")
    subject, _, part = parameter.rpartition(".")
    if subject and part in ("description", "title", "enum", "default", "examples"):
        return f"the {part} of the parameter {subject}"
    return f"the parameter {parameter}"


def percent(share: float) -> str:
    """Write a share of 1 as a whole percentage that never claims certainty: 0.9996 is "more than 99 %"."""
    if share > 0.995:
        return "more than 99\N{NO-BREAK SPACE}%"
    if share < 0.005:
        return "less than 1\N{NO-BREAK SPACE}%"
    return _PERCENTAGES[round(share * 100)]


def share(count: int, total: int) -> str:
    """Write a counted share as a whole percentage; what is there is never written as 0 %."""
    if count and count * 200 < total:
        return "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"
    return f"{count / total * 100 if total else 0:.0f}\N{NO-BREAK SPACE}%"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: "1 tool", "1,204 tools"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def day(moment: str) -> str:
    """Give the date of an ISO 8601 time."""
    return moment[:10]
