"""What `toolrisk live` shows and writes: the tools that a server lists, and where they differ from its source.

Everything in it is a stranger's text: one line each, no control characters.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from catalog.records import ToolDefinition
from crawler.live.comparison import Comparison, Difference, FieldValue
from crawler.live.records import LiveListing, LiveTarget
from toolrisk.files import write_atomically
from toolrisk.texts import SCHEMA_VERSION, dump_json, one_line

_WIDTH = 160
_BEFORE = 40
_MAX_LINES = 200


def live_document(
    target: LiveTarget, listing: LiveListing, against: str, comparison: Comparison | None
) -> dict[str, Any]:
    """Lay out what `toolrisk live --json` prints; its tools are those of a `tools/list` answer."""
    extraction = listing.extraction
    return {
        "schema_version": SCHEMA_VERSION,
        "target": str(target),
        "server": {"name": listing.name, "version": listing.version, "protocol": listing.protocol},
        "outcome": extraction.outcome,
        "reasons": list(extraction.reasons),
        "issues": [asdict(issue) for issue in extraction.issues],
        "tools": [tool_entry(definition) for definition in extraction.definitions],
        "comparison": None if comparison is None else {"against": against, **asdict(comparison)},
    }


def failed_live_document(target: LiveTarget, reason: str) -> dict[str, Any]:
    """Lay out what `toolrisk live --json` prints when nothing was listed."""
    return {
        "schema_version": SCHEMA_VERSION,
        "target": str(target),
        "server": None,
        "outcome": "failed",
        "reasons": [reason],
        "issues": [],
        "tools": [],
        "comparison": None,
    }


def tool_entry(definition: ToolDefinition) -> dict[str, Any]:
    """Write a definition as a server lists it; what it does not declare is left out."""
    entry = {
        "name": definition.name,
        "title": definition.title,
        "description": definition.description,
        "inputSchema": definition.input_schema,
        "outputSchema": definition.output_schema,
        "annotations": definition.annotations or None,
    }
    return {key: value for key, value in entry.items() if value is not None}


def write_dump(out: Path, listing: LiveListing) -> None:
    """Write the tools as `tools:FILE.json` reads them, in one step. Raises OSError."""
    tools = [tool_entry(definition) for definition in listing.extraction.definitions]
    write_atomically(out, dump_json({"tools": tools}) + "\n")


def show_live(
    target: LiveTarget, listing: LiveListing, against: str, comparison: Comparison | None, *, as_json: bool
) -> None:
    """Show the tools, or how they differ from the source when they were compared."""
    if as_json:
        typer.echo(dump_json(live_document(target, listing, against, comparison)))
        return
    console = Console(soft_wrap=True, highlight=False)
    extraction = listing.extraction
    named = " ".join(part for part in (listing.name, listing.version) if part)
    count = len(extraction.definitions)
    console.print(
        escape(one_line(f"{target}: {named or 'a server without a name'}: {extraction.outcome}, {count} tools"))
    )
    for line in (*extraction.reasons, *(issue.reason for issue in extraction.issues)):
        console.print(f"  {escape(one_line(line))}")
    if comparison is not None:
        _print_comparison(console, against, comparison)
    elif count:
        table = Table(Column("tool", overflow="fold"), "description", box=None, pad_edge=False)
        for definition in extraction.definitions:
            table.add_row(escape(one_line(definition.name)), escape(_short(definition.description or "")))
        console.print(table)
        typer.echo("compare with its source: add --against npm:NAME, or any other target, server or tools/list file")


def _print_comparison(console: Console, against: str, comparison: Comparison) -> None:
    counts = f"{len(comparison.same)} alike, {len(comparison.differing)} different"
    apart = f"{len(comparison.only_live)} only live, {len(comparison.only_static)} only in the source"
    console.print(f"against {escape(one_line(against))}: {counts}, {apart}")
    lines = [f"only live: {one_line(name)}" for name in comparison.only_live]
    lines += [f"only in the source: {one_line(name)}" for name in comparison.only_static]
    for tool in comparison.differing:
        for one in tool.differences:
            expected = " (completed at run time, as its source says)" if one.foreseen else ""
            static, live = _both(one)
            lines += [f"{one_line(tool.tool)}: {one.field}{expected}", f"  source: {static}", f"  live:   {live}"]
    for line in lines[:_MAX_LINES]:
        console.print(f"  {escape(line)}")
    if len(lines) > _MAX_LINES:
        console.print(f"  and {len(lines) - _MAX_LINES} more lines; --json has all")


def _both(difference: Difference) -> tuple[str, str]:
    """Give both values around the place where they part, so that what differs is seen in long texts too."""
    static, live = _text(difference.static), _text(difference.live)
    same = next((at for at, (one, other) in enumerate(zip(static, live, strict=False)) if one != other), 0)
    start = max(0, same - _BEFORE) if same > _WIDTH - _BEFORE else 0
    return _short(static, start), _short(live, start)


def _text(value: FieldValue) -> str:
    if value is None:
        return "(none)"
    return one_line(value) if isinstance(value, str) else ", ".join(value) or "(none)"


def _short(text: str, start: int = 0) -> str:
    line = one_line(text)
    cut = line[start : start + _WIDTH]
    return f"{'…' if start else ''}{cut}{'…' if len(line) > start + _WIDTH else ''}"
