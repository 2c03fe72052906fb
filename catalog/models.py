"""The catalog's tables. Only this module declares any; values between stages are in records.py."""

from typing import Any

from sqlalchemy import JSON, Column, Index, String, UniqueConstraint
from sqlmodel import AutoString, Field, SQLModel

from catalog.dialects import TEXT

SCHEMA_VERSION = 6


class CatalogInfo(SQLModel, table=True):
    """What the catalog says of itself: its schema version."""

    __tablename__ = "catalog_info"
    key: str = Field(primary_key=True)
    value: str


class SourceState(SQLModel, table=True):
    """A place that lists servers: where its walk stands, and how its last visit ended."""

    __tablename__ = "source"
    name: str = Field(primary_key=True)
    state: Any = Field(sa_column=Column(JSON, nullable=False))
    walk: int = 0
    visited_at: str | None = None
    problem: str | None = None


class Listing(SQLModel, table=True):
    """A server as one source lists it; `digest` tells whether the source says anything new."""

    __table_args__ = (UniqueConstraint("source", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(foreign_key="source.name")
    key: str
    server_id: int = Field(foreign_key="server.id", index=True)
    digest: str
    places: list[str] = Field(sa_column=Column(JSON, nullable=False))
    repository_id: str | None = None
    elsewhere: list[str] = Field(sa_column=Column(JSON, nullable=False))
    vouched: bool = False
    walk: int
    first_seen: str
    withdrawn_at: str | None = None


class Identity(SQLModel, table=True):
    """What a server is known by: a repository's place, a forge's stable id, a registry name."""

    key: str = Field(primary_key=True)
    server_id: int = Field(foreign_key="server.id", index=True)


class Server(SQLModel, table=True):
    """One product, however many places publish it; `package_id` is the place whose tools are shown."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str = Field(index=True)
    title: str | None = None
    description: str | None = None
    repository: str | None = None
    homepage: str | None = None
    licence: str | None = None
    package_id: int | None = Field(default=None, index=True)


class Package(SQLModel, table=True):
    """One place a server is crawled from: a package, a repository, a folder, a dump; and when to look again.

    `rank` orders the places of one server; one that is not `usable` has nothing for us, or is named no longer. `due_at`
    is None while nothing is expected to change, `hours` is the time until the next look. `snapshot_id` is the newest
    look. `declares` are the packages that a repository names, `claims` is the repository that a package names, `claim`
    whether that one knows it. `leased_until` is set while one of several crawls looks at the place.
    """

    __table_args__ = (UniqueConstraint("registry", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    server_id: int = Field(foreign_key="server.id", index=True)
    # SQLAlchemy keeps the attribute name `registry` for itself.
    registry_name: str = Field(sa_column=Column("registry", String, nullable=False))
    name: str = Field(index=True)
    target: str = Field(index=True)
    rank: int = 0
    usable: bool = True
    due_at: str | None = Field(default=None, index=True)
    leased_until: str | None = None
    checked_at: str | None = None
    hours: float = 24.0
    failures: int = 0
    snapshot_id: int | None = None
    declares: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    claims: str | None = Field(default=None, index=True)
    claim: str | None = None


class Snapshot(SQLModel, table=True):
    """A package's files at one version, and how far extraction got with them."""

    id: int | None = Field(default=None, primary_key=True)
    package_id: int = Field(foreign_key="package.id", index=True)
    version: str | None = None
    commit: str | None = None
    digest: str
    archive_digest: str | None = None
    extractors: str
    outcome: str
    role: str
    reasons: list[str] = Field(sa_column=Column(JSON, nullable=False))
    looked_at: str = Field(index=True)


class Definition(SQLModel, table=True):
    """A distinct tool definition; a row a digest, so that history costs nothing."""

    digest: str = Field(primary_key=True)
    name: str
    title: str | None = None
    description: str | None = None
    input_schema: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    output_schema: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    annotations: Any = Field(sa_column=Column(JSON, nullable=False))


class Tool(SQLModel, table=True):
    """A tool as one package has it; `definition_digest` is how it reads now, `previous_digest` how it read before.

    `withdrawn_at` is when it was first missed.
    """

    __table_args__ = (UniqueConstraint("package_id", "name"), UniqueConstraint("package_id", "slug"))
    id: int | None = Field(default=None, primary_key=True)
    package_id: int = Field(foreign_key="package.id")
    name: str
    slug: str
    definition_digest: str = Field(foreign_key="definition.digest")
    previous_digest: str | None = Field(default=None, foreign_key="definition.digest")
    path: str | None = None
    line: int | None = None
    pattern: str | None = None
    conditional: str | None = None
    unresolved: list[str] = Field(sa_column=Column(JSON, nullable=False))
    first_seen: str
    withdrawn_at: str | None = None


class Change(SQLModel, table=True):
    """Something that happened to a tool between two looks; with `Tool.first_seen` the whole history of definitions.

    `reread` says that a newer release of the extractors looked, so that the difference may be ours.
    """

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int = Field(foreign_key="tool.id", index=True)
    at: str = Field(index=True)
    kind: str
    before: str | None = Field(default=None, foreign_key="definition.digest")
    after: str | None = Field(default=None, foreign_key="definition.digest")
    version: str | None = None
    version_before: str | None = None
    reread: bool = False


class Assessment(SQLModel, table=True):
    """A judgement on one definition as a tool of one server, by one state of the classifier."""

    # Tools are counted by their verdicts without reading the rows themselves, which are large.
    __table_args__ = (Index("ix_assessment_counted", "server_id", "definition_digest", "category", "risk"),)
    definition_digest: str = Field(primary_key=True, foreign_key="definition.digest")
    server_id: int = Field(primary_key=True, foreign_key="server.id")
    fingerprint: str
    category: str
    risk: str
    base_risk: str
    second_choice: str
    confidence: float
    needs_review: bool
    rationale: str
    probabilities: Any = Field(sa_column=Column(JSON, nullable=False))
    facets: Any = Field(sa_column=Column(JSON, nullable=False))
    moves: Any = Field(sa_column=Column(JSON, nullable=False))
    evidence: Any = Field(sa_column=Column(JSON, nullable=False))
    override: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    modes: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class Finding(SQLModel, table=True):
    """What a rule noticed on one definition beyond its category."""

    id: int | None = Field(default=None, primary_key=True)
    definition_digest: str = Field(foreign_key="definition.digest", index=True)
    server_id: int = Field(foreign_key="server.id", index=True)
    rule: str
    says: str
    severity: str
    confidence: float
    evidence: Any = Field(sa_column=Column(JSON, nullable=False))


class Issue(SQLModel, table=True):
    """What went wrong with one target, and where in it; `cause` is one of a few words, for counting."""

    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(index=True)
    stage: str
    path: str | None = None
    cause: str | None = Field(default=None, index=True)
    reason: str
    at: str


for _table in SQLModel.metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, String | AutoString):
            _column.type = TEXT

# The same tables for SQLAlchemy Core, which reads and writes many rows several times faster than objects do.
_TABLES = SQLModel.metadata.tables
sources = _TABLES["source"]
listings = _TABLES["listing"]
identities = _TABLES["identity"]
servers = _TABLES["server"]
packages = _TABLES["package"]
snapshots = _TABLES["snapshot"]
definitions = _TABLES["definition"]
tools = _TABLES["tool"]
changes = _TABLES["change"]
assessments = _TABLES["assessment"]
findings = _TABLES["finding"]
issues = _TABLES["issue"]
catalog_info = _TABLES["catalog_info"]
