"""What the documents about the whole catalog hold, as models; those about servers are in site_builder/api/models.py."""

from typing import Literal

from pydantic import Field

from catalog.vocabulary import Category, Claim, Risk, Severity
from site_builder.api.models import Change, ClosedModel, Count, HeadedModel, Moment, Relative


class PageLink(ClosedModel):
    """Where the page about it is."""

    page: Relative


class CategoryEntry(ClosedModel):
    """A category: what it means, its base risk, and its tools by risk."""

    name: Category
    means: str
    consequence: str
    base_risk: Risk
    tools: Count
    by_risk: dict[Risk, Count]
    links: PageLink


class CategoriesDocument(HeadedModel):
    """The categories, by rising precedence."""

    categories: list[CategoryEntry]


class RiskEntry(ClosedModel):
    """A risk level: what it means, and its tools by category."""

    name: Risk
    means: str
    tools: Count
    by_category: dict[Category, Count]
    links: PageLink


class RisksDocument(HeadedModel):
    """The risk levels, rising, and how many tools have none because they were not classified."""

    risks: list[RiskEntry]
    unclassified: Count


class Says(ClosedModel):
    """What a rule speaks for: a category, a facet's value, or a threat."""

    kind: Literal["category", "facet", "threat"]
    name: str
    value: str | None


class RuleEntry(ClosedModel):
    """A rule: a named check on one definition."""

    id: str
    title: str
    question: str
    says: Says
    severity: Severity
    rationale: str
    remediation: str
    references: list[str]


class RulesDocument(HeadedModel):
    """The rules, by id."""

    rules: list[RuleEntry]


class ChangesDocument(HeadedModel):
    """The newest changes of all servers, newest first."""

    changes: list[Change]


class AttackEntry(ClosedModel):
    """A documented attack or accident; `verified` is true only when its references were read."""

    id: str
    name: str
    date: str = Field(description="A year, a month or a day.")
    categories: list[Category]
    capabilities: list[str]
    summary: str
    refs: list[str]
    verified: bool
    links: PageLink


class AttacksDocument(HeadedModel):
    """The documented attacks, newest first."""

    attacks: list[AttackEntry]


class Problem(ClosedModel):
    """What went wrong with a target."""

    target: str
    stage: str
    reason: str


class Source(ClosedModel):
    """A place that lists servers: how many, how many of them were looked at, and its last visit."""

    name: str
    listed: Count
    looked_at: Count
    withdrawn: Count
    visited_at: Moment | None
    problem: str | None


class Queue(ClosedModel):
    """Places to look at, and when each is due; due is counted at the newest look."""

    places: Count
    due: Count
    failing: Count
    next_due: Moment | None
    oldest_check: Moment | None
    newest_check: Moment | None


class StatusDocument(HeadedModel):
    """What the catalog holds, in numbers."""

    servers: Count = Field(description="Those that were looked at.")
    listed: Count = Field(description="Those that any source lists.")
    tools: Count
    unclassified: Count
    by_registry: dict[str, Count]
    by_outcome: dict[str, Count]
    by_category: dict[Category, Count]
    by_risk: dict[Risk, Count]
    by_claim: dict[Claim, Count]
    causes: dict[str, Count] = Field(description="What could not be fetched, by cause.")
    problems: list[Problem]
    newest_look: Moment | None
    sources: list[Source]
    queue: Queue


class DownloadEntry(ClosedModel):
    """A file with the whole catalog."""

    name: str
    document: Relative
    media_type: str
    size: int = Field(description="In bytes.")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    says: str


class LeftOut(ClosedModel):
    """A file that is not there, and why."""

    name: str
    why: str


class DownloadsDocument(HeadedModel):
    """The files with the whole catalog, and the terms they come under."""

    files: list[DownloadEntry]
    left_out: list[LeftOut]
    licence: str
    terms: str
