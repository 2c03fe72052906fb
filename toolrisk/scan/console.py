"""A scan on the terminal: a line a server, then what decides, then what else there is; plain text.

Not for programs: they have JSON and SARIF.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from catalog.vocabulary import Risk
from toolrisk.scan.finding import LEVELS, Finding, Level
from toolrisk.scan.naming import about, count, known_as, show_file
from toolrisk.scan.report import ScannedServer, ScanReport
from toolrisk.texts import one_line

_CAPABILITIES = ("risk-critical", "risk-high")
_MAX_NAMED = 12
_UNBOUNDED = 4000


def print_scan(report: ScanReport, counting: Sequence[Finding], folder: Path, home: Path) -> None:
    """Show a report; `counting` are the findings that decide about the exit code."""
    console = Console(soft_wrap=True, highlight=False)
    if not console.is_terminal:
        console.width = _UNBOUNDED  # a file or a pipe has no width that a table must fit into
    if report.servers:
        console.print(_table(report.servers, folder, home))
    decide = {one.id for one in counting}
    shown = [one for one in report.findings if one.ignored is None and not one.known]
    _print_findings(console, [one for one in shown if one.rule not in _CAPABILITIES], decide, folder, home)
    _print_capabilities(console, [one for one in shown if one.rule in _CAPABILITIES], decide)
    console.print(escape(_summary(report, counting)))
    for note in report.notes:
        console.print(escape(one_line(note)))


def _table(servers: Sequence[ScannedServer], folder: Path, home: Path) -> Table:
    table = Table(
        "server", "client", "configured in", "analysed as", *(risk for risk in reversed(Risk)), box=None, pad_edge=False
    )
    for server in servers:
        state = (
            known_as(server.read) if server.read else ("switched off" if server.configured.disabled else "NOT ANALYSED")
        )
        counts = [str(server.risks[risk]) if server.read else "?" for risk in reversed(Risk)]
        cells = (server.name, server.configured.client or "-", show_file(server.where, folder, home), state)
        table.add_row(*(escape(one_line(cell)[:120]) for cell in cells), *counts)
    return table


def _print_findings(console: Console, findings: Sequence[Finding], decide: set[str], folder: Path, home: Path) -> None:
    if findings:
        console.print()
    for one in findings:
        mark = "!" if one.id in decide else " "
        named = about(one)
        quote = f' "{one.quote[:200]}"' if one.quote else ""
        if not named:
            quote += f" ({', '.join(show_file(where, folder, home) for where in one.places[:3])})"
        line = f"{mark} {one.level} {one.rule} {one.id}{' ' + named if named else ''}: {one.says}{quote}"
        console.print(escape(one_line(line)))


def _print_capabilities(console: Console, findings: Sequence[Finding], decide: set[str]) -> None:
    """Name what each server can do that is of high risk or more: many tools on few lines."""
    groups: dict[tuple[str, Level], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.server, one.level), []).append(one)
    if groups:
        console.print()
    for (server, level), held in sorted(groups.items(), key=lambda group: (group[0][0], -LEVELS.index(group[0][1]))):
        mark = "!" if any(one.id in decide for one in held) else " "
        tools = ", ".join(one.tool for one in held[:_MAX_NAMED])
        more = f" and {len(held) - _MAX_NAMED} more" if len(held) > _MAX_NAMED else ""
        console.print(escape(one_line(f"{mark} {level} risk in {server}: {tools}{more}")))


def _summary(report: ScanReport, counting: Sequence[Finding]) -> str:
    off = sum(server.configured.disabled for server in report.servers)
    unread = sum(server.read is None for server in report.servers) - off
    levels = Counter(one.level for one in counting)
    counted = ", ".join(f"{levels[level]} {level}" for level in reversed(Level) if levels[level])
    known = sum(one.known for one in report.findings)
    ignored = sum(one.ignored is not None for one in report.findings)
    parts = [
        f"{count(len(report.servers), 'server')} in {count(len(report.files), 'file')}",
        *([f"{off} switched off"] if off else []),
        *([f"{unread} not analysed, which is not the same as clean"] if unread else []),
        f"findings that count: {counted or 'none'}",
        *([f"{known} in the baseline"] if known else []),
        *([f"{ignored} ignored"] if ignored else []),
    ]
    return f"\n{'; '.join(parts)}"
