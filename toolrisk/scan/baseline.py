"""What was there when a person last looked and accepted it: a file of finding ids, and each tool's risk.

Not for ignoring single findings with a reason: that is ignoring.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from catalog.vocabulary import Risk
from toolrisk.scan.finding import Finding, Level, finding_id, merge_findings
from toolrisk.scan.report import ScannedServer, ScanReport

BASELINE_VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_RISKS = tuple(Risk)


class BaselineError(ValueError):
    """A baseline cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was accepted: ids of findings, and the risk of each tool by its server's identity."""

    ids: frozenset[str]
    risks: Mapping[tuple[str, str], Risk]


def baseline_document(report: ScanReport) -> dict[str, Any]:
    """Lay out a baseline: what a scan found, in an order of its own, without a path or a time."""
    risks: dict[str, dict[str, str]] = {}
    for server in report.servers:
        for definition, assessment in server.read.tools if server.read else ():
            if assessment is not None:
                risks.setdefault(server.identity, {})[definition.name] = assessment.risk
    findings = [
        {"id": one.id, "rule": one.rule, "server": one.server, "tool": one.tool}
        for one in report.findings
        if one.rule != "risk-risen"
    ]
    return {
        "baseline_version": BASELINE_VERSION,
        "findings": sorted(findings, key=lambda one: one["id"]),
        "risks": {identity: dict(sorted(held.items())) for identity, held in sorted(risks.items())},
    }


def read_baseline(path: Path) -> Baseline:
    """Read a baseline that --write-baseline made. Raises BaselineError."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise BaselineError(f"{path}: the baseline cannot be read: {error.strerror}") from None
    try:
        document = orjson.loads(data) if len(data) <= _MAX_BYTES else None
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict) or document.get("baseline_version") != BASELINE_VERSION:
        raise BaselineError(f"{path}: not a baseline of this release; make one with --write-baseline")
    ids = [one.get("id") for one in _list(document.get("findings")) if isinstance(one, dict)]
    return Baseline(frozenset(id_ for id_ in ids if isinstance(id_, str)), _risks(document.get("risks")))


def compare(findings: Iterable[Finding], servers: Sequence[ScannedServer], baseline: Baseline) -> tuple[Finding, ...]:
    """Mark what the baseline holds, and add a finding for each tool whose risk has risen."""
    marked = [replace(one, known=one.id in baseline.ids) for one in findings]
    return merge_findings([*marked, *(risen for server in servers for risen in _risen(server, baseline))])


def _risen(server: ScannedServer, baseline: Baseline) -> Iterable[Finding]:
    if server.read is None or server.configured.disabled:
        return
    for definition, assessment in server.read.tools:
        before = baseline.risks.get((server.identity, definition.name))
        if assessment is None or before is None or _RISKS.index(assessment.risk) <= _RISKS.index(before):
            continue
        id_ = finding_id("risk-risen", server.identity, definition.name, assessment.risk)
        says = f"risk was {before} and is {assessment.risk} now: {assessment.rationale}"
        level = Level(assessment.risk.lower())
        yield Finding(id_, "risk-risen", level, server.name, definition.name, says, (server.where,))


def _risks(value: Any) -> dict[tuple[str, str], Risk]:
    held = value if isinstance(value, dict) else {}
    return {
        (identity, tool): Risk(risk)
        for identity, tools in held.items()
        if isinstance(tools, dict)
        for tool, risk in tools.items()
        if risk in _RISKS
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
