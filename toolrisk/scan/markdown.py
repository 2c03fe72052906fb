"""A scan as Markdown, for a comment on a pull request; everything a stranger wrote is text and nothing more.

Not for the terminal: that is console.py.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from catalog.vocabulary import Risk
from toolrisk.scan.finding import Finding
from toolrisk.scan.naming import about, count, known_as, show_file
from toolrisk.scan.report import ScannedServer, ScanReport
from toolrisk.texts import one_line

_MAX_FINDINGS = 100  # a comment has a limit of length
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&])")


def render_markdown(report: ScanReport, counting: list[Finding], folder: Path, home: Path) -> str:
    """Write a report; `counting` are the findings that decide about the exit code."""
    return (
        "\n".join([*_head(report, counting), "", *_servers(report, folder, home), *_findings(report, counting)]) + "\n"
    )


def _head(report: ScanReport, counting: list[Finding]) -> Iterator[str]:
    unread = sum(server.read is None and not server.configured.disabled for server in report.servers)
    yield "### MCP servers: toolrisk scan"
    yield ""
    new = "new " if report.compared else ""
    verdict = f"{count(len(counting), f'{new}finding')} to look at" if counting else f"no {new}findings to look at"
    unknown = f"; not analysed, so that nothing is known of it: {count(unread, 'server')}" if unread else ""
    yield f"{count(len(report.servers), 'server')} configured, {verdict}{unknown}."


def _servers(report: ScanReport, folder: Path, home: Path) -> Iterator[str]:
    if not report.servers:
        return
    yield "| server | configured in | analysed as | Critical | High | Medium | Low |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for server in report.servers:
        cells = [_code(server.name), _code(show_file(server.where, folder, home)), _state(server)]
        counts = [str(server.risks[risk]) if server.read else "?" for risk in reversed(Risk)]
        yield f"| {' | '.join([*cells, *counts])} |"
    yield ""


def _state(server: ScannedServer) -> str:
    if server.read is not None:
        return _code(known_as(server.read))
    return "switched off" if server.configured.disabled else _text(f"not analysed: {server.reason}")


def _findings(report: ScanReport, counting: list[Finding]) -> Iterator[str]:
    for one in counting[:_MAX_FINDINGS]:
        named = about(one)
        quote = f" Quoted: {_code(one.quote)}" if one.quote else ""
        yield f"- **{one.level}** {_code(named) + ': ' if named else ''}{_text(one.says)}{quote} ({_code(one.id)})"
    if len(counting) > _MAX_FINDINGS:
        yield f"- and {len(counting) - _MAX_FINDINGS} more"
    ignored, known = (sum(map(bool, flags)) for flags in _flags(report))
    if ignored or known:
        yield ""
        yield f"In the baseline: {count(known, 'finding')}; ignored with a reason: {count(ignored, 'finding')}."
    for note in report.notes:
        yield ""
        yield _text(note)


def _flags(report: ScanReport) -> tuple[list[bool], list[bool]]:
    return [one.ignored is not None for one in report.findings], [one.known for one in report.findings]


def _text(text: str) -> str:
    """Write words so that Markdown sees nothing in them: no mark, no address, nobody called by name."""
    plain = _SPECIAL.sub(r"\\\1", one_line(text)[:1000])
    return plain.replace("@", "@\u200b").replace(":/", ":\u200b/")


def _code(text: str) -> str:
    plain = one_line(text)[:300].replace("`", "'").replace("|", "\\|")
    return f"`{plain}`" if plain else ""
