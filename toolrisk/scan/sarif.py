"""A scan as SARIF 2.1.0, for code scanning: a rule a kind, a result a finding, suppressed where it is ignored.

Not for people: sarif viewers show it.
"""

from collections.abc import Iterable
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any

from classifier.rules import RULES as CLASSIFIER_RULES
from toolrisk.scan.finding import Finding, Level, Where
from toolrisk.scan.report import ScanReport
from toolrisk.scan.rules import RULES, ScanRule, rule_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "toolriskFinding/v1"
_LEVELS = {
    Level.CRITICAL: "error",
    Level.HIGH: "error",
    Level.MEDIUM: "warning",
    Level.LOW: "note",
    Level.INFO: "note",
    Level.UNKNOWN: "warning",
}
_SEVERITIES = {Level.CRITICAL: "9.5", Level.HIGH: "8.0", Level.MEDIUM: "5.5", Level.LOW: "3.0", Level.INFO: "1.0"}
_THREATS = {rule.id: rule for rule in CLASSIFIER_RULES}


def sarif_document(report: ScanReport, folder: Path) -> dict[str, Any]:
    """Lay out a report; files below `folder` are named from there."""
    rules = _rules(report.findings)
    order = {rule["id"]: number for number, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "toolrisk", "semanticVersion": metadata.version("toolrisk"), "rules": rules}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, order[one.rule], folder, compared=report.compared) for one in report.findings],
            }
        ],
    }


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Describe every kind of finding, and every threat and combination that occurs."""
    used = {one.rule for one in findings} | {rule.id for rule in RULES}
    return [_rule(id_, rule_of(id_)) for id_ in sorted(used)]


def _rule(id_: str, kind: ScanRule) -> dict[str, Any]:
    threat = _THREATS.get(id_.partition("/")[2])
    title = threat.title if threat else kind.title
    means, remedy = (threat.rationale, threat.remediation) if threat else (kind.means, kind.remedy)
    properties: dict[str, Any] = {"tags": ["security", "mcp"]}
    if kind.level in _SEVERITIES:
        properties["security-severity"] = _SEVERITIES[kind.level]
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in id_.replace("/", "-").split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": means},
        "help": {"text": f"{means} {remedy}"},
        "defaultConfiguration": {"level": _LEVELS[kind.level]},
        "properties": properties,
    }


def _result(one: Finding, rule: int, folder: Path, *, compared: bool) -> dict[str, Any]:
    about = " ".join(filter(None, (one.server, one.tool)))
    quote = f' It says: "{one.quote}".' if one.quote else ""
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": rule,
        "level": _LEVELS[one.level],
        "message": {"text": f"{about}: {one.says}{quote}" if about else f"{one.says}{quote}"},
        "locations": [_location(where, folder) for where in one.places],
        "partialFingerprints": {FINGERPRINT: one.id},
        "properties": {"severity": one.level, "server": one.server, "tool": one.tool},
    }
    if compared:
        result["baselineState"] = "unchanged" if one.known else "new"
    if one.ignored is not None:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": one.ignored}]
    return result


def _location(where: Where, folder: Path) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(Path(where.file), folder)}
    if where.line:
        place["region"] = {"startLine": where.line}
    return {"physicalLocation": place}


def _artifact(file: Path, folder: Path) -> dict[str, Any]:
    whole = file.absolute()
    if whole != folder.absolute() and whole.is_relative_to(folder.absolute()):
        return {"uri": _quoted(whole.relative_to(folder.absolute())), "uriBaseId": "%SRCROOT%"}
    return {"uri": whole.as_uri()}


def _quoted(path: PurePath) -> str:
    # A path becomes a part of an address most safely through an absolute one.
    return PurePath("/", path).as_uri().removeprefix("file:///")
