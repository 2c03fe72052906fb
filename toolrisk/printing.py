"""What commands say to a person: tables and one-line reports, plain text, quiet where there is nothing to say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from catalog.records import Assessment, Extraction
from catalog.report import StageReport
from catalog.status import CatalogStatus
from catalog.vocabulary import Category, Risk
from crawler.fetched import Fetched
from crawler.recovery.recover import Recovered, split
from toolrisk.texts import SCHEMA_VERSION, one_line

_MAX_PROBLEMS = 20


def print_report(report: StageReport) -> None:
    """Say in a line what a stage did, and in a line each what went wrong."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    counts = f"{report.done} done, {report.skipped} unchanged or skipped, {report.failed} failed"
    console.print(f"{report.stage}: {counts}")
    for problem in report.problems[:_MAX_PROBLEMS]:
        console.print(f"  {escape(one_line(problem))}")
    if len(report.problems) > _MAX_PROBLEMS:
        console.print(f"  and {len(report.problems) - _MAX_PROBLEMS} more; `toolrisk status` lists all")


def print_extraction(fetched: Fetched, recovered: Recovered) -> None:
    """Show the tools found in a target, with file and line; server by server where it holds several."""
    for part_fetched, part in split(fetched, recovered):
        _print_server(part_fetched, part)


def _print_server(fetched: Fetched, recovered: Recovered) -> None:
    console = Console(soft_wrap=True, highlight=False)
    extraction = recovered.extraction
    table = Table("tool", "where", "description", box=None, pad_edge=False)
    for definition in extraction.definitions:
        where = f"{definition.origin.path}:{definition.origin.line}" if definition.origin else ""
        table.add_row(*map(_cell, (definition.name, where, definition.description or "")))
    version = fetched.version or recovered.manifest.version or fetched.commit or ""
    count = len(extraction.definitions)
    console.print(f"{escape(str(fetched.target))} {escape(version)}: {extraction.outcome}, {count} tools")
    if count:
        console.print(table)
    _print_reasons(console, [*extraction.reasons, *(f"{i.path}: {i.reason}" for i in extraction.issues)])


def print_assessments(extraction: Extraction, judged: Iterable[Assessment]) -> None:
    """Show the verdict on each tool, the riskiest first."""
    console = Console(soft_wrap=True, highlight=False)
    order = list(Risk)
    pairs = sorted(
        zip(extraction.definitions, judged, strict=True),
        key=lambda pair: (-order.index(pair[1].risk), pair[0].name),
    )
    table = Table("tool", "risk", "category", "sure", "why", box=None, pad_edge=False)
    for definition, assessment in pairs:
        sure = f"{assessment.confidence:.0%}"
        cells = (definition.name, assessment.risk, assessment.category, sure, assessment.rationale)
        table.add_row(*map(_cell, cells))
    console.print(table)
    _print_reasons(console, [f"{issue.path}: {issue.reason}" for issue in extraction.issues])


def print_status(held: CatalogStatus) -> None:
    """Say what the catalog holds, and every problem."""
    console = Console(soft_wrap=True, highlight=False)
    _print_counts(console, held)
    _print_coverage(console, held)
    for target, stage, reason in held.problems:
        console.print(f"  {stage}: {escape(one_line(f'{target}: {reason}'))}")


def print_summary(held: CatalogStatus, page: Path) -> None:
    """Say at the end of a whole run what there is now, what was skipped and why, and what to open."""
    console = Console(soft_wrap=True, highlight=False)
    _print_counts(console, held)
    reasons = Counter(reason for _, stage, reason in held.problems if stage == "fetch")
    for reason, count in reasons.most_common():
        console.print(f"  skipped: {count} targets: {escape(one_line(reason))}")
    console.print(f"open {escape(page.resolve().as_uri())}")


def status_document(held: CatalogStatus) -> dict[str, Any]:
    """Lay out what `toolrisk status --json` prints."""
    document = asdict(held)
    document["problems"] = [
        {"target": target, "stage": stage, "reason": reason} for target, stage, reason in held.problems
    ]
    return {"schema_version": SCHEMA_VERSION, **document}


def _print_counts(console: Console, held: CatalogStatus) -> None:
    sources = ", ".join(f"{count} {registry}" for registry, count in held.by_registry.items())
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in held.by_outcome.items())
    console.print(f"{held.servers} servers ({sources}); extraction: {outcomes}")
    console.print(f"{held.tools} tools, {held.unclassified} not analysed")
    table = Table("", "tools", "", "tools", box=None, pad_edge=False)
    categories, risks = list(Category), [*reversed(Risk), ""]
    for category, risk in zip(categories, risks, strict=True):
        row = (category, held.by_category.get(category, 0), risk, held.by_risk.get(risk, 0) if risk else "")
        table.add_row(*map(str, row))
    console.print(table)


def _print_coverage(console: Console, held: CatalogStatus) -> None:
    """Say what each source lists, what is due, and what fails most."""
    table = Table("source", "listed", "looked at", "withdrawn", "visited", "problem", box=None, pad_edge=False)
    for one in held.sources:
        numbers = (str(one.listed), str(one.looked_at), str(one.withdrawn))
        table.add_row(_cell(one.name), *numbers, one.visited_at or "", _cell(one.problem or ""))
    if held.sources:
        console.print(table)
    queue = held.queue
    if queue.places:
        ages = f"checked from {queue.oldest_check} to {queue.newest_check}" if queue.oldest_check else "never checked"
        console.print(
            f"{held.listed} servers listed, {held.servers} looked at; {queue.places} places, {queue.due} due, "
            f"{queue.failing} failing, next due {queue.next_due or 'when a source says so'}; {ages}"
        )
    if held.causes:
        most = sorted(held.causes.items(), key=lambda pair: (-pair[1], pair[0]))
        console.print("failed: " + ", ".join(f"{number} {cause}" for cause, number in most))
    if held.by_claim:
        claims = ", ".join(f"{number} {claim}" for claim, number in held.by_claim.items())
        console.print(f"repositories that packages name: {claims}")


def _print_reasons(console: Console, reasons: Sequence[str]) -> None:
    for reason in reasons[:_MAX_PROBLEMS]:
        console.print(f"  {escape(one_line(reason))}")
    if len(reasons) > _MAX_PROBLEMS:
        console.print(f"  and {len(reasons) - _MAX_PROBLEMS} more; --json lists all")


def _cell(text: str) -> str:
    line = one_line(text)
    return escape(line if len(line) <= 160 else f"{line[:159]}…")


def print_rows(rows: Iterable[Sequence[str]]) -> None:
    """Show rows of words as columns, without a heading."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        table.add_row(*(escape(one_line(cell)) for cell in row))
    Console(soft_wrap=True, highlight=False).print(table)
