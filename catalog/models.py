"""The catalog's tables. Only this module declares any; values between stages are in records.py."""

from typing import Any

from sqlalchemy import JSON, Column, String, UniqueConstraint
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 3


class CatalogInfo(SQLModel, table=True):
    """What the catalog says of itself: its schema version."""

    __tablename__ = "catalog_info"
    key: str = Field(primary_key=True)
    value: str


class Server(SQLModel, table=True):
    """One product, however many places publish it."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    title: str | None = None
    description: str | None = None
    repository: str | None = None
    homepage: str | None = None
    licence: str | None = None


class Package(SQLModel, table=True):
    """One place a server is crawled from: a package, a repository, a folder, a dump."""

    __table_args__ = (UniqueConstraint("registry", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    server_id: int = Field(foreign_key="server.id", index=True)
    # SQLAlchemy keeps the attribute name `registry` for itself.
    registry_name: str = Field(sa_column=Column("registry", String, nullable=False))
    name: str
    target: str


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
    looked_at: str


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
    """A tool of a server; `definition_digest` is how it reads now, `withdrawn_at` when it was last missed."""

    __table_args__ = (UniqueConstraint("server_id", "name"), UniqueConstraint("server_id", "slug"))
    id: int | None = Field(default=None, primary_key=True)
    server_id: int = Field(foreign_key="server.id")
    name: str
    slug: str
    definition_digest: str = Field(foreign_key="definition.digest", index=True)
    path: str | None = None
    line: int | None = None
    pattern: str | None = None
    conditional: str | None = None
    unresolved: list[str] = Field(sa_column=Column(JSON, nullable=False))
    first_seen: str
    last_seen: str
    withdrawn_at: str | None = None


class Assessment(SQLModel, table=True):
    """A judgement on one definition as a tool of one server, by one state of the classifier."""

    definition_digest: str = Field(primary_key=True, foreign_key="definition.digest")
    server_id: int = Field(primary_key=True, foreign_key="server.id", index=True)
    fingerprint: str
    category: str = Field(index=True)
    risk: str = Field(index=True)
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
    """What went wrong with one target, and where in it."""

    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(index=True)
    stage: str
    path: str | None = None
    reason: str
    at: str


# The same tables for SQLAlchemy Core, which reads and writes many rows several times faster than objects do.
_TABLES = SQLModel.metadata.tables
servers = _TABLES["server"]
packages = _TABLES["package"]
snapshots = _TABLES["snapshot"]
definitions = _TABLES["definition"]
tools = _TABLES["tool"]
assessments = _TABLES["assessment"]
findings = _TABLES["finding"]
issues = _TABLES["issue"]
catalog_info = _TABLES["catalog_info"]
