"""The commands that fill the catalog and tell of it: crawl, sources, status, catalog."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from catalog.report import StageReport
    from crawler.listing import Source
    from toolrisk.crawling import CrawlRequest

from toolrisk.options import FAILED, NOTHING_FOUND, WRONG_USE, AsJson, SiteFolder
from toolrisk.settings import read_settings

crawls = typer.Typer()

Targets = Annotated[
    list[str] | None,
    typer.Argument(help="What to crawl; nothing named at all: the default list.", metavar="[TARGET]..."),
]
TargetFile = Annotated[Path | None, typer.Option("--targets", help="A list of targets, one a line.")]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="Visit a source first, ID or ID:WHERE, then crawl all that is due."),
]
Due = Annotated[bool, typer.Option("--due", help="Crawl everything that is due.")]
FailOn = Annotated[
    str | None,
    typer.Option(
        metavar="any|sources|N%|never",
        help="What ends with exit code 1: any failure (usual for named targets), a source that failed (usual "
        "otherwise), more than N% of the places, nothing.",
    ),
]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Write a report of the run to this file, as JSON.")]
LogFile = Annotated[Path | None, typer.Option("--log", help="Append a line of JSON a place looked at to this file.")]


@crawls.command()
def crawl(
    targets: Targets = None,
    list_file: TargetFile = None,
    sources: Sources = None,
    *,
    due: Due = False,
    fail_on: FailOn = None,
    report: ReportFile = None,
    log: LogFile = None,
) -> None:
    """Discover, fetch, extract and store: targets into the catalog.

    A TARGET is npm:NAME[@VERSION], pypi:NAME[==VERSION], github:OWNER/REPO[@REF][#SUBFOLDER],
    git:URL-OR-PATH[@REF][#SUBFOLDER], a directory, an archive or its https address, or tools:FILE.json (a tools/list
    answer). A source is one of those that `toolrisk sources` lists.
    """
    from toolrisk.crawling import run_crawl

    failing = _parse_fail_on(fail_on)
    request = _request(targets, list_file, sources, due=due)
    _finish(run_crawl(read_settings(), request, log), failing, report)


@crawls.command()
def sources() -> None:
    """List the places that servers can be discovered at."""
    from crawler.sources import SOURCES

    for source in SOURCES:
        where = ":WHERE" if source.needs_where else "[:WHERE]"
        key = f" Key: {source.key_variable}{'' if source.needs_key else ' (optional)'}." if source.key_variable else ""
        typer.echo(f"{source.id}{where}\n    {source.title}. {source.terms}{key}")


@crawls.command()
def status(*, as_json: AsJson = False) -> None:
    """Say what the catalog holds, how old it is, what is due, what failed and why."""
    from toolrisk.pipeline import read_catalog_status
    from toolrisk.printing import print_status, status_document
    from toolrisk.texts import dump_json

    held = read_catalog_status(read_settings())
    if as_json:
        typer.echo(dump_json(status_document(held)))
    else:
        print_status(held)
    raise typer.Exit(0 if held.listed else NOTHING_FOUND)


@crawls.command("catalog")
def whole_catalog(targets: Targets = None, list_file: TargetFile = None, out: SiteFolder = Path("public")) -> None:
    """Crawl, classify and build the site, then sum up: all stages in their order."""
    from toolrisk.crawling import run_crawl
    from toolrisk.pipeline import read_catalog_status, run_classify, run_site
    from toolrisk.printing import print_report, print_summary

    settings = read_settings()
    crawled = run_crawl(settings, _request(targets, list_file, None, due=False))
    for report in [*crawled, run_classify(settings), run_site(settings, out)]:
        print_report(report)
    print_summary(read_catalog_status(settings), out / "index.html")
    raise typer.Exit(FAILED if any(report.failed for report in crawled) else 0)


def _request(
    texts: list[str] | None, list_file: Path | None, sources_: list[str] | None, *, due: bool
) -> "CrawlRequest":
    from crawler.target import parse_target, read_targets
    from toolrisk.crawling import CrawlRequest

    chosen = [parse_target(text) for text in texts or []]
    if list_file is not None:
        chosen += read_targets(list_file)
    if chosen and (due or sources_):
        typer.echo("toolrisk: name targets, or sources and --due, not both", err=True)
        raise typer.Exit(WRONG_USE)
    if not (chosen or due or sources_):
        chosen = read_targets(read_settings().data / "targets" / "default.txt")
    return CrawlRequest(chosen, [_parse_source(text) for text in sources_ or []])


def _parse_source(text: str) -> "tuple[Source, str | None]":
    """Read a source as a person writes it: ID or ID:WHERE."""
    from crawler.sources import SOURCES

    name, _, where = text.partition(":")
    source = next((one for one in SOURCES if one.id == name), None)
    if source is None:
        typer.echo(f"toolrisk: {name}: no such source; there are {', '.join(one.id for one in SOURCES)}", err=True)
        raise typer.Exit(WRONG_USE)
    return source, where or None


def _parse_fail_on(text: str | None) -> str | float | None:
    if text is None or text in ("any", "sources", "never"):
        return text
    number = text.removesuffix("%")
    if text.endswith("%") and number.replace(".", "", 1).isdigit():
        return float(number) / 100
    typer.echo(f"toolrisk: --fail-on {text}: expected any, sources, never, or a share such as 5%", err=True)
    raise typer.Exit(WRONG_USE)


def _finish(reports: "list[StageReport]", fail_on: str | float | None, file: Path | None) -> None:
    """Print and write what happened, and end with the exit code that was asked for."""
    from toolrisk.crawl_log import report_document
    from toolrisk.files import write_atomically
    from toolrisk.printing import print_report
    from toolrisk.texts import SCHEMA_VERSION, dump_json

    for report in reports:
        print_report(report)
    if file is not None:
        document = {"schema_version": SCHEMA_VERSION, "stages": [report_document(report) for report in reports]}
        write_atomically(file, dump_json(document) + "\n")
    raise typer.Exit(FAILED if _has_failed(reports, fail_on) else 0)


def _has_failed(reports: "list[StageReport]", fail_on: str | float | None) -> bool:
    failed_sources = sum(report.failed for report in reports if report.stage == "discover")
    crawled = next(report for report in reports if report.stage == "crawl")
    if isinstance(fail_on, float):
        looked_at = crawled.done + crawled.skipped + crawled.failed
        return crawled.failed > fail_on * looked_at
    usual = "sources" if len(reports) > 1 else "any"
    wanted = fail_on or usual
    return wanted != "never" and (failed_sources > 0 or (wanted == "any" and crawled.failed > 0))
