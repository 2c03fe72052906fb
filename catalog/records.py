"""The values that cross from one stage to the next, as frozen dataclasses.

They live here, below every stage, because stages never import each other. Tables are in models.py.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from catalog.vocabulary import Category, Claim, Facet, Outcome, Risk, Role, Severity

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a definition stands: path inside the snapshot, line (from 1), and the pattern that found it."""

    path: str
    line: int
    pattern: str


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """One tool as its server declares it.

    `annotations` holds declared hints only, never an SDK's defaults. `conditional` is the guard's text when
    the tool is only offered under a condition. `unresolved` names what the source computes at run time.
    """

    name: str
    title: str | None = None
    description: str | None = None
    input_schema: JsonObject | None = None
    output_schema: JsonObject | None = None
    annotations: JsonObject = field(default_factory=dict)
    origin: Origin | None = None
    conditional: str | None = None
    unresolved: tuple[str, ...] = ()

    def digest(self) -> str:
        """Identify the definition by what a client sees of it: SHA-256 in hex, the origin left out."""
        seen = [
            self.name,
            self.title,
            self.description,
            self.input_schema,
            self.output_schema,
            self.annotations,
        ]
        text = orjson.dumps(seen, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
        return hashlib.sha256(text).hexdigest()


@dataclass(frozen=True, slots=True)
class FileIssue:
    """A file that could not be read or parsed, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What extraction found in one snapshot. `reasons` say why the list may be incomplete."""

    definitions: tuple[ToolDefinition, ...]
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    issues: tuple[FileIssue, ...] = ()
    role: Role = Role.SERVER


@dataclass(frozen=True, slots=True)
class ServerContext:
    """What a judgement may know of the server that a tool belongs to.

    `topics` are words that its tools' names share; `openings` are words that its descriptions begin with alike.
    """

    name: str
    description: str | None = None
    topics: tuple[str, ...] = ()
    openings: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote from a definition and what it says.

    `field` is `name`, `title`, `description`, `annotations.HINT`, `server`, or a path such as
    `inputSchema.properties.sql.description`. `start` and `end` are the quote's span in that field, in
    characters.
    """

    field: str
    quote: str
    says: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A facet's value and the evidence it rests on; None when nothing was said and the default holds."""

    value: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class RiskMove:
    """One step of the risk away from its category's base, and why."""

    delta: int
    reason: str


@dataclass(frozen=True, slots=True)
class Mode:
    """One choice of a parameter that decides what a tool does. `category` is None where nothing was heard of it."""

    parameter: str
    choice: str
    category: Category | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule noticed beyond the category: a threat or a contradiction, with its quote."""

    rule: str
    says: str
    severity: Severity
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Override:
    """A person's verdict on one tool of a server, which always wins.

    `digest` is the definition that was reviewed: the verdict stands when it changes, but wants another look.
    """

    server: str
    tool: str
    category: Category
    reason: str
    reviewer: str
    digest: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgement on one tool. `probabilities` hold all five categories and sum to 1.

    `override` is the person's verdict that replaced the classifier's; its probabilities are kept.
    """

    category: Category
    second_choice: Category
    probabilities: Mapping[Category, float]
    confidence: float
    facets: Mapping[Facet, FacetValue]
    base_risk: Risk
    risk: Risk
    moves: tuple[RiskMove, ...]
    evidence: tuple[Evidence, ...]
    rationale: str
    findings: tuple[Finding, ...] = ()
    needs_review: bool = False
    override: Override | None = None
    modes: tuple[Mode, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogTool:
    """A tool as the catalog knows it. `assessment` is None until it was classified.

    `withdrawn_at` is when it was first missed, in ISO 8601 and UTC; its definition is then the last one.
    """

    slug: str
    definition: ToolDefinition
    assessment: Assessment | None
    first_seen: str
    withdrawn_at: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogServer:
    """A server with its tools, sorted by name. Times are ISO 8601 in UTC.

    `target` is the target line that was crawled, `registry` its kind (npm, pypi, github, git, …). `looked_at` is when
    its files were last read, `checked_at` when it was last seen that they are still the same. `claim` says whether the
    repository that the package names knows it; `listed_by` are the sources that list the server; `withdrawn` are tools
    that it had and does not offer any more.
    """

    slug: str
    name: str
    title: str | None
    description: str | None
    version: str | None
    registry: str
    target: str
    repository: str | None
    homepage: str | None
    licence: str | None
    commit: str | None
    digest: str
    looked_at: str
    outcome: Outcome
    reasons: tuple[str, ...]
    tools: tuple[CatalogTool, ...]
    role: Role = Role.SERVER
    checked_at: str | None = None
    claim: Claim | None = None
    listed_by: tuple[str, ...] = ()
    withdrawn: tuple[CatalogTool, ...] = ()
