"""What the documents for programs hold, as models: their schemas are published, and tests hold documents to them.

Not for making documents: that is done without them, in site_builder/api/documents.py.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from catalog.vocabulary import Category, ChangeKind, Claim, Facet, Outcome, Risk, Role, Severity
from policy.document import PolicyDocument
from policy.recommendation import Decision

Count = int
Moment = str  # ISO 8601 in UTC
Relative = str  # a reference to resolve against the document's own address


class ClosedModel(BaseModel):
    """Forbids unknown keys, so that no document gains one unwritten; the published schemas admit them."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HeadedModel(ClosedModel):
    """A document: its first key says which meaning its keys have."""

    schema_version: Literal[1] = Field(description="Rises only when a key's meaning changes.")


class Counts(ClosedModel):
    """Tools: all, those without a verdict, and the others by category and by risk."""

    tools: Count
    unclassified: Count
    by_category: dict[Category, Count]
    by_risk: dict[Risk, Count]


class Identity(ClosedModel):
    """What a server is known by, and where and when it was looked at."""

    slug: str
    name: str
    title: str | None
    description: str | None
    version: str | None
    registry: str
    repository: str | None
    homepage: str | None
    licence: str | None
    commit: str | None
    digest: str = Field(description="Of the files that were read, the same whatever container they came in.")
    role: Role
    claim: Claim | None = Field(description="Whether the repository that the package names knows the package.")
    listed_by: list[str]
    looked_at: Moment = Field(description="When its files were last read.")
    checked_at: str | None = Field(description="The day it was last seen that they are still the same.")


class Evidence(ClosedModel):
    """A verbatim quote from a definition, its span in the field in characters, and what it says."""

    field: str
    quote: str
    says: str
    start: int
    end: int
    rule: str


class Move(ClosedModel):
    """One step of the risk away from its category's base, and why."""

    delta: int
    reason: str


class Finding(ClosedModel):
    """A threat or contradiction that a rule noticed beyond the category."""

    rule: str
    says: str
    severity: Severity
    confidence: float
    evidence: Evidence


class Override(ClosedModel):
    """A person's verdict, which replaced the classifier's; `digest` is the definition that was reviewed."""

    server: str
    tool: str
    category: Category
    reason: str
    reviewer: str
    digest: str


class Mode(ClosedModel):
    """One choice of the parameter that decides what the tool does; no category where nothing was heard of it."""

    parameter: str
    choice: str
    category: Category | None


class Origin(ClosedModel):
    """The file, line and pattern a definition was found by."""

    path: str
    line: int
    pattern: str


class ToolLinks(ClosedModel):
    """A tool's page and policy file."""

    page: Relative
    policy: Relative


class Tool(ClosedModel):
    """A tool: as declared, as judged (null: not classified, which is not the same as safe), and what is recommended."""

    name: str
    slug: str
    title: str | None
    description: str | None
    inputSchema: dict[str, JsonValue] | None  # noqa: N815 - the name that the protocol gives it
    outputSchema: dict[str, JsonValue] | None  # noqa: N815 - the name that the protocol gives it
    annotations: dict[str, JsonValue] = Field(description="Declared hints, which are claims.")
    origin: Origin | None
    conditional: str | None = Field(description="The guard's text, when offered only under a condition.")
    unresolved: list[str] = Field(description="What the source works out when the server runs.")
    first_seen: Moment
    category: Category | None
    risk: Risk | None
    base_risk: Risk | None
    confidence: float | None
    second_choice: Category | None
    needs_review: bool | None
    probabilities: dict[Category, float] | None
    facets: dict[Facet, str] | None
    facet_evidence: dict[Facet, Evidence] | None = Field(description="Facets without one hold by default.")
    moves: list[Move] | None
    evidence: list[Evidence] | None
    rationale: str | None
    findings: list[Finding] | None
    override: Override | None
    modes: list[Mode] | None
    decision: Decision
    reasons: list[str]
    policy: PolicyDocument = Field(description="A whole policy that knows this tool alone; the rest is denied.")


class LinkedTool(Tool):
    """A tool, and where its page and its policy file are."""

    links: ToolLinks


class ToolRow(Tool):
    """A line of `tools.jsonl.zst`: a tool, and which look at which server it comes from."""

    server: str = Field(description="The server's slug.")
    server_name: str
    version: str | None
    registry: str
    target: str
    repository: str | None
    licence: str | None
    commit: str | None
    outcome: Outcome
    looked_at: Moment


class Change(ClosedModel):
    """What happened to a tool between two looks; verdicts are null where there was no tool, or none was made."""

    at: Moment
    server: str
    server_name: str
    tool: str
    tool_slug: str
    kind: ChangeKind
    version_before: str | None
    version: str | None
    category_before: Category | None
    category: Category | None
    risk_before: Risk | None
    risk: Risk | None
    possible: Category | None = Field(description="A stronger category that the verdict leaves open since then.")
    description_changed: bool
    schema_changed: bool
    hints_changed: bool
    reread: bool = Field(description="A newer release of ours looked, so the difference may be in our reading.")
    category_rose: bool
    risk_rose: bool
    only_words_changed: bool
    notable: bool
    says: str


class ServerLinks(ClosedModel):
    """A server's page, badge, and policy file if it has tools."""

    page: Relative
    badge: Relative
    policy: Relative | None


class ServerDocument(HeadedModel):
    """Everything that is known of a server and its tools."""

    target: str
    server: Identity
    outcome: Outcome
    reasons: list[str] = Field(description="Why the list of tools may be incomplete.")
    counts: Counts
    links: ServerLinks
    tools: list[LinkedTool]
    changes: list[Change] = Field(description="The newest, newest first.")


class Piece(ClosedModel):
    """A part of the list of servers: where it is, how many it holds, its first and last slug."""

    document: Relative
    servers: Count
    first: str | None
    last: str | None


class ServersDocument(HeadedModel):
    """The head of the list of servers."""

    servers: Count
    tools: Count
    unclassified: Count
    pieces: list[Piece]


class EntryLinks(ClosedModel):
    """A server's document and page."""

    document: Relative
    page: Relative


class Entry(ClosedModel):
    """A server in the list of all."""

    slug: str
    name: str
    title: str | None
    version: str | None
    registry: str
    target: str
    repository: str | None
    role: Role
    outcome: Outcome
    looked_at: Moment
    counts: Counts
    links: EntryLinks


class ServersPieceDocument(HeadedModel):
    """A part of the list of servers, by slug."""

    piece: int
    servers: list[Entry] = Field(max_length=1_000)
