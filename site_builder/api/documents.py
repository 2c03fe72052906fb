"""From the catalog's records to the JSON documents that the site publishes.

Keys are those of the commands' `--json`, so that one reader fits both; they may be added, never renamed. What a key
holds is written down in site_builder/api/models.py. Nothing is validated here: this runs once for every tool.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import orjson

from catalog.history import ToolChange
from catalog.records import Assessment, CatalogServer, CatalogTool
from catalog.status import CatalogStatus
from catalog.vocabulary import Category, Risk
from policy.document import build_document
from policy.recommendation import Recommendation
from site_builder import urls
from site_builder.api import addresses
from site_builder.api.addresses import link
from site_builder.attacks import Attack
from site_builder.judged import JudgedServer, JudgedTool

SCHEMA_VERSION = 1
Document = dict[str, Any]
_ASSESSMENT = (
    *("category", "risk", "base_risk", "confidence", "second_choice", "needs_review", "probabilities", "facets"),
    *("facet_evidence", "moves", "evidence", "rationale", "findings", "override", "modes"),
)
_UNASSESSED: Mapping[str, None] = dict.fromkeys(_ASSESSMENT)
_CHANGE = tuple(field.name for field in fields(ToolChange))


def dump(document: object) -> bytes:
    """Write a document: one line of JSON and a newline."""
    return orjson.dumps(document, default=_mapping, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE)


def headed(**content: Any) -> Document:
    """Put the version of the documents' meaning before their content."""
    return {"schema_version": SCHEMA_VERSION, **content}


def server_document(server: CatalogServer, tools: Sequence[Document], changes: Iterable[ToolChange] = ()) -> Document:
    """Lay out everything that is known of a server and its `tools`; `changes` are the newest ones."""
    return headed(
        target=server.target,
        server=identity_fields(server),
        outcome=server.outcome,
        reasons=server.reasons,
        counts=count_tools(server.tools),
        links=_server_links(server),
        tools=[{**fields, "links": _tool_links(server.slug, fields["slug"])} for fields in tools],
        changes=[change_fields(change) for change in changes],
    )


def identity_fields(server: CatalogServer) -> Document:
    """Lay out what a server is known by, and where and when it was looked at."""
    return {
        "slug": server.slug,
        "name": server.name,
        "title": server.title,
        "description": server.description,
        "version": server.version,
        "registry": server.registry,
        "repository": server.repository,
        "homepage": server.homepage,
        "licence": server.licence,
        "commit": server.commit,
        "digest": server.digest,
        "role": server.role,
        "claim": server.claim,
        "listed_by": server.listed_by,
        "looked_at": server.looked_at,
        "checked_at": server.checked_at,
    }


def count_tools(tools: Sequence[CatalogTool]) -> Document:
    """Count tools: all of them, those without a verdict, and the others by category and by risk."""
    judged = [tool.assessment for tool in tools if tool.assessment]
    by_category = Counter(one.category for one in judged)
    by_risk = Counter(one.risk for one in judged)
    return {
        "tools": len(tools),
        "unclassified": len(tools) - len(judged),
        "by_category": {category: by_category[category] for category in Category},
        "by_risk": {risk: by_risk[risk] for risk in Risk},
    }


def tool_fields(judged: JudgedTool) -> Document:
    """Lay out a tool: how it is declared, how it was judged, and what should stand before it."""
    tool, recommendation = judged.tool, judged.recommendation
    definition = tool.definition
    return {
        "name": definition.name,
        "slug": tool.slug,
        "title": definition.title,
        "description": definition.description,
        "inputSchema": _nested(definition.input_schema),
        "outputSchema": _nested(definition.output_schema),
        "annotations": _nested(definition.annotations),
        "origin": definition.origin,
        "conditional": definition.conditional,
        "unresolved": definition.unresolved,
        "first_seen": tool.first_seen,
        **(assessment_fields(tool.assessment) if tool.assessment else _UNASSESSED),
        "decision": recommendation.decision,
        "reasons": recommendation.reasons,
        "policy": _policy(recommendation),
    }


def all_tool_fields(of: JudgedServer) -> list[Document]:
    """Lay out all tools of a server, once for every document that has them."""
    return [tool_fields(judged) for judged in of.tools]


def assessment_fields(assessment: Assessment) -> Document:
    """Lay out a judgement; `facet_evidence` holds the quotes of the facets that rest on any."""
    return {
        "category": assessment.category,
        "risk": assessment.risk,
        "base_risk": assessment.base_risk,
        "confidence": assessment.confidence,
        "second_choice": assessment.second_choice,
        "needs_review": assessment.needs_review,
        "probabilities": dict(assessment.probabilities),
        "facets": {facet: value.value for facet, value in assessment.facets.items()},
        "facet_evidence": {facet: value.evidence for facet, value in assessment.facets.items() if value.evidence},
        "moves": assessment.moves,
        "evidence": assessment.evidence,
        "rationale": assessment.rationale,
        "findings": assessment.findings,
        "override": assessment.override,
        "modes": assessment.modes,
    }


def server_entry(server: CatalogServer) -> Document:
    """Lay out a server's line in the list of all."""
    return {
        "slug": server.slug,
        "name": server.name,
        "title": server.title,
        "version": server.version,
        "registry": server.registry,
        "target": server.target,
        "repository": server.repository,
        "role": server.role,
        "outcome": server.outcome,
        "looked_at": server.looked_at,
        "counts": count_tools(server.tools),
        "links": {
            "document": addresses.server_document(server.slug).removeprefix(f"{addresses.API}/"),
            "page": link(addresses.SERVERS, urls.server_page(server.slug)),
        },
    }


def change_fields(change: ToolChange) -> Document:
    """Lay out a change, with what follows from it and in words."""
    return {
        **{name: getattr(change, name) for name in _CHANGE},
        "category_rose": change.category_rose,
        "risk_rose": change.risk_rose,
        "only_words_changed": change.only_words_changed,
        "notable": change.is_notable,
        "says": change.describe(),
    }


def changes_document(changes: Iterable[ToolChange]) -> Document:
    """Lay out the newest changes of all servers."""
    return headed(changes=[change_fields(change) for change in changes])


def status_document(held: CatalogStatus) -> Document:
    """Lay out what the catalog holds, in numbers."""
    problems = [{"target": target, "stage": stage, "reason": reason} for target, stage, reason in held.problems]
    return headed(**{**asdict(held), "problems": problems})


def attacks_document(attacks: Iterable[Attack]) -> Document:
    """Lay out the documented attacks."""
    return headed(
        attacks=[
            {**one.model_dump(mode="json"), "links": {"page": link(addresses.ATTACKS, urls.attack_anchor(one.id))}}
            for one in attacks
        ]
    )


def _server_links(server: CatalogServer) -> dict[str, str | None]:
    here = addresses.server_document(server.slug)
    return {
        "page": link(here, urls.server_page(server.slug)),
        "badge": link(here, urls.server_badge(server.slug)),
        "policy": link(here, urls.server_policy(server.slug)) if server.tools else None,
    }


def _tool_links(server: str, tool: str) -> dict[str, str]:
    here = addresses.server_document(server)
    return {"page": link(here, urls.tool_page(server, tool)), "policy": link(here, urls.tool_policy(server, tool))}


def _policy(recommendation: Recommendation) -> orjson.Fragment:
    return orjson.Fragment(build_document([recommendation]).model_dump_json(exclude_none=True, by_alias=True))


def _nested(declared: Mapping[str, Any] | None) -> object:
    # Written apart: a schema may be as deep as the writer goes, and here it stands some levels down.
    return orjson.Fragment(dump(declared).rstrip()) if declared else declared


def _mapping(value: Any) -> object:
    return dict(value)  # schemas and probabilities may be any mapping
