"""The JSON that `toolrisk scan --json` prints. Keys may be added, never renamed: programs read this.

Not for SARIF, which has a layout of its own.
"""

from dataclasses import asdict
from typing import Any

from toolrisk.scan.finding import Finding
from toolrisk.scan.report import ScannedServer, ScanReport
from toolrisk.texts import SCHEMA_VERSION


def scan_document(report: ScanReport, *, failed: bool) -> dict[str, Any]:
    """Lay out a report. `failed` says whether findings counted for the exit code."""
    return {
        "schema_version": SCHEMA_VERSION,
        "failed": failed,
        "files": sorted(report.files),
        "servers": [_server(server) for server in report.servers],
        "findings": [_finding(one) for one in report.findings],
        "problems": [{"client": client, **asdict(problem)} for client, problem in report.problems],
        "notes": list(report.notes),
    }


def _server(server: ScannedServer) -> dict[str, Any]:
    configured, resolution, read = server.configured, server.resolution, server.read
    return {
        "name": server.name,
        "client": configured.client,
        "file": configured.file,
        "line": configured.line,
        "project": configured.project,
        "disabled": configured.disabled,
        "identity": server.identity,
        "target": resolution.target,
        "launch": {
            "command": configured.launch.command,
            "args": list(configured.launch.arguments),
            "url": configured.launch.url,
            "env": list(configured.launch.variables),
            "headers": list(configured.launch.headers),
        },
        "version": resolution.version,
        "pinned": resolution.pinned,
        "analysed": read is not None,
        "reason": server.reason,
        "known_from": read.origin if read else None,
        "known_as": (read.slug or read.name) if read else None,
        "known_target": read.target if read else None,
        "known_version": read.version if read else None,
        "gaps": list(read.gaps) if read else [],
        "risks": {str(risk): count for risk, count in server.risks.items()},
        "tools": [
            {
                "name": definition.name,
                "risk": assessment.risk if assessment else None,
                "category": assessment.category if assessment else None,
                "confidence": assessment.confidence if assessment else None,
            }
            for definition, assessment in (read.tools if read else ())
        ],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "id": one.id,
        "rule": one.rule,
        "level": one.level,
        "server": one.server,
        "tool": one.tool or None,
        "says": one.says,
        "quote": one.quote or None,
        "places": [{"file": where.file, "line": where.line or None, "client": where.client} for where in one.places],
        "known": one.known,
        "ignored": one.ignored,
    }
