"""The JSON that commands print. Keys may be added, never renamed: programs read this."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from catalog.records import Assessment, Evidence, Extraction, ToolDefinition
from crawler.fetched import Fetched
from crawler.recovery.recover import Recovered, split
from toolrisk.texts import SCHEMA_VERSION


def extraction_document(fetched: Fetched, recovered: Recovered) -> dict[str, Any]:
    """Lay out what `toolrisk extract --json` prints."""
    manifest, extraction = recovered.manifest, recovered.extraction
    parts = split(fetched, recovered) if recovered.parts else []
    return {
        "schema_version": SCHEMA_VERSION,
        "target": str(fetched.target),
        "server": {
            "name": manifest.name or fetched.target.identity,
            "version": fetched.version or manifest.version,
            "title": manifest.title,
            "description": manifest.description,
            "repository": manifest.repository,
            "homepage": manifest.homepage,
            "licence": manifest.licence,
            "commit": fetched.commit,
            "digest": recovered.digest,
        },
        "outcome": extraction.outcome,
        "reasons": list(extraction.reasons),
        "issues": [asdict(issue) for issue in extraction.issues],
        "tools": [_definition(definition) for definition in extraction.definitions],
        **({"servers": [extraction_document(*part) for part in parts]} if parts else {}),
    }


def failed_extraction_document(target: str, reason: str) -> dict[str, Any]:
    """Lay out what `toolrisk extract --json` prints when nothing could be read."""
    return {
        "schema_version": SCHEMA_VERSION,
        "target": target,
        "server": None,
        "outcome": "failed",
        "reasons": [reason],
        "issues": [],
        "tools": [],
    }


def assessment_document(extraction: Extraction, judged: Iterable[Assessment]) -> dict[str, Any]:
    """Lay out what `toolrisk assess --json` prints."""
    pairs = zip(extraction.definitions, judged, strict=True)
    return {
        "schema_version": SCHEMA_VERSION,
        "tools": [{"name": definition.name, **assessment_fields(assessment)} for definition, assessment in pairs],
        "issues": [asdict(issue) for issue in extraction.issues],
    }


def _definition(definition: ToolDefinition) -> dict[str, Any]:
    return {
        "name": definition.name,
        "title": definition.title,
        "description": definition.description,
        "inputSchema": definition.input_schema,
        "outputSchema": definition.output_schema,
        "annotations": definition.annotations,
        "origin": asdict(definition.origin) if definition.origin else None,
        "conditional": definition.conditional,
        "unresolved": list(definition.unresolved),
    }


def assessment_fields(assessment: Assessment) -> dict[str, Any]:
    """Lay out one assessment."""
    return {
        "category": assessment.category,
        "risk": assessment.risk,
        "base_risk": assessment.base_risk,
        "confidence": assessment.confidence,
        "second_choice": assessment.second_choice,
        "needs_review": assessment.needs_review,
        "probabilities": {str(category): value for category, value in assessment.probabilities.items()},
        "facets": {str(facet): value.value for facet, value in assessment.facets.items()},
        "moves": [asdict(move) for move in assessment.moves],
        "evidence": [_evidence(quote) for quote in assessment.evidence],
        "rationale": assessment.rationale,
        "findings": [{**asdict(finding), "evidence": _evidence(finding.evidence)} for finding in assessment.findings],
        "override": asdict(assessment.override) if assessment.override else None,
        "modes": [asdict(mode) for mode in assessment.modes],
    }


def _evidence(quote: Evidence) -> dict[str, Any]:
    return asdict(quote)
