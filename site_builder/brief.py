"""What the pages about the whole catalog need of a server, small enough to be kept from build to build.

A brief is made when a server's pages are, and read again when the server has not changed: its definitions are then
never touched. Not for its own pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import msgspec

from catalog.records import Assessment, CatalogServer, CatalogTool, Finding
from catalog.vocabulary import Category, Facet, Outcome, Risk, Severity
from site_builder import urls
from site_builder.api.documents import dump, server_entry
from site_builder.attacks import AttackList
from site_builder.foreign_text import show_line, show_text
from site_builder.judged import JudgedServer, JudgedTool
from site_builder.parts import Link, ServerRow, ToolRow
from site_builder.rows import make_server_row, make_tool_row, risk_badge
from site_builder.wording import evidence_field_words

_SAYS_LIMIT = 400
_QUOTE_LIMIT = 400
_FIELD_LIMIT = 160


@dataclass(frozen=True, slots=True)
class FindingBrief:
    """A finding as a list shows it: the rule, what it says, and the words it rests on."""

    rule: str
    severity: Severity
    says: str
    quote: str
    field: str


@dataclass(frozen=True, slots=True)
class ToolBrief:
    """A tool: what its row shows, and what it is counted by. No category and no risk: it was not analysed.

    `name` is the declared one, `label` the same as pages show it. `rules` are the rules that its verdict quotes,
    `attacks` the documented attacks that abused access which it gives, `quotes` how many words it rests on.
    """

    name: str
    slug: str
    label: str
    summary: str
    decision: str
    category: Category | None
    risk: Risk | None
    facets: Mapping[Facet, str]
    findings: tuple[FindingBrief, ...]
    rules: tuple[str, ...]
    attacks: tuple[str, ...]
    quotes: int


@dataclass(frozen=True, slots=True)
class ServerBrief:
    """A server: its row, its line in the API's list of servers as JSON, and its tools."""

    slug: str
    label: str
    looked_at: str
    outcome: Outcome
    row: ServerRow
    entry: bytes
    tools: tuple[ToolBrief, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A tool in a list of tools of many servers: its server's slug and label, and the tool."""

    slug: str
    label: str
    tool: ToolBrief


def make_brief(of: JudgedServer, attacks: AttackList) -> ServerBrief:
    """Put a server and its tools in brief."""
    server = of.server
    row = make_server_row(server)
    return ServerBrief(
        slug=server.slug,
        label=row.name,
        looked_at=server.looked_at,
        outcome=server.outcome,
        row=row,
        entry=dump(server_entry(server)).rstrip(),
        tools=tuple(_make_tool(server, judged, attacks) for judged in of.tools),
    )


def encode_brief(brief: ServerBrief) -> bytes:
    """Write a brief as bytes."""
    return msgspec.msgpack.encode(brief)


def decode_brief(content: bytes) -> ServerBrief:
    """Read a brief again. Raises msgspec.ValidationError for bytes that are none."""
    return _decoder().decode(content)


def make_row(listed: Listed) -> ToolRow:
    """Make a tool's row again, its addresses from the root of the site."""
    tool = listed.tool
    return ToolRow(
        name=tool.label,
        href=urls.tool_page(listed.slug, tool.slug),
        server=Link(listed.label, urls.server_page(listed.slug)),
        badge=risk_badge(tool.risk),
        category=str(tool.category) if tool.category else "Unknown",
        decision=tool.decision,
        summary=tool.summary,
    )


@cache
def _decoder() -> msgspec.msgpack.Decoder[ServerBrief]:
    return msgspec.msgpack.Decoder(ServerBrief)


def _make_tool(server: CatalogServer, judged: JudgedTool, attacks: AttackList) -> ToolBrief:
    tool, assessment = judged.tool, judged.tool.assessment
    row = make_tool_row(server, judged)
    return ToolBrief(
        name=tool.definition.name,
        slug=tool.slug,
        label=row.name,
        summary=row.summary,
        decision=row.decision,
        category=assessment.category if assessment else None,
        risk=assessment.risk if assessment else None,
        facets={facet: held.value for facet, held in assessment.facets.items()} if assessment else {},
        findings=tuple(_make_finding(found) for found in assessment.findings) if assessment else (),
        rules=_quoted_rules(assessment) if assessment else (),
        attacks=_find_attacks(tool, assessment, attacks),
        quotes=len(assessment.evidence) if assessment else 0,
    )


def _find_attacks(tool: CatalogTool, assessment: Assessment | None, attacks: AttackList) -> tuple[str, ...]:
    return attacks.find(tool, assessment) if assessment else ()


def _make_finding(found: Finding) -> FindingBrief:
    evidence = found.evidence
    return FindingBrief(
        rule=found.rule,
        severity=found.severity,
        says=show_text(found.says, _SAYS_LIMIT),
        quote=show_text(evidence.quote, _QUOTE_LIMIT),
        field=show_line(evidence_field_words(evidence), _FIELD_LIMIT),
    )


def _quoted_rules(assessment: Assessment) -> tuple[str, ...]:
    said = {one.rule for one in assessment.evidence}
    said |= {held.evidence.rule for held in assessment.facets.values() if held.evidence}
    return tuple(sorted(said | {one.rule for one in assessment.findings}))
