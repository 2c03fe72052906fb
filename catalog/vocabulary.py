"""The field's standard terms as closed sets; what each means is in docs/glossary.md.

Not for behaviour: only names, their order, and the two orders that risk arithmetic needs.
"""

from enum import StrEnum


class Category(StrEnum):
    """What a call of the tool can do at its strongest; listed by rising precedence."""

    READ = "Read"
    WRITE = "Write"
    EXECUTE = "Execute"
    DESTRUCTIVE = "Destructive"
    FINANCIAL = "Financial"


class Risk(StrEnum):
    """How much is at stake when an agent calls the tool; listed by rising level."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    CRITICAL = "Critical"


class Severity(StrEnum):
    """How bad a finding is if it is true; says nothing about how sure we are."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Outcome(StrEnum):
    """How far extraction got; "not looked at" is never "nothing found"."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NO_TOOLS = "no_tools"
    FAILED = "failed"
    SEVERAL = "several"  # a repository of several servers, each of them with an outcome of its own


class Role(StrEnum):
    """What part a server's source plays; only a plain server's tools are all its own."""

    SERVER = "server"
    GATEWAY = "gateway"  # offers what other servers offer, known only when it runs
    KIT = "kit"  # made to build servers with


class ChangeKind(StrEnum):
    """What happened to a tool between two looks at its package."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RETURNED = "returned"


class Claim(StrEnum):
    """Whether the repository that a package names as its own knows that package."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"  # the repository was not looked at


class Facet(StrEnum):
    """The eight facets of a tool."""

    REVERSIBILITY = "reversibility"
    EGRESS = "egress"
    UNTRUSTED_INPUT = "untrusted_input"
    SENSITIVE_DATA = "sensitive_data"
    PRIVILEGE = "privilege"
    MONEY = "money"
    CODE_EXECUTION = "code_execution"
    BLAST_RADIUS = "blast_radius"


FACET_VALUES: dict[Facet, tuple[str, ...]] = {
    Facet.REVERSIBILITY: ("none_needed", "reversible", "recoverable", "irreversible", "unknown"),
    Facet.EGRESS: ("none", "internal", "third_party", "arbitrary"),
    Facet.UNTRUSTED_INPUT: ("none", "possible", "typical"),
    Facet.SENSITIVE_DATA: ("none", "private", "credentials"),
    Facet.PRIVILEGE: ("none", "own", "others"),
    Facet.MONEY: ("none", "reads", "metered", "moves"),
    Facet.CODE_EXECUTION: ("none", "constrained", "arbitrary"),
    Facet.BLAST_RADIUS: ("item", "bulk", "system"),
}

BASE_RISK: dict[Category, Risk] = {
    Category.READ: Risk.LOW,
    Category.WRITE: Risk.MEDIUM,
    Category.EXECUTE: Risk.HIGH,
    Category.DESTRUCTIVE: Risk.CRITICAL,
    Category.FINANCIAL: Risk.CRITICAL,
}

HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
