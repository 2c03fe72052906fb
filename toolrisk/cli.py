"""The command `toolrisk`: reads flags and environment, calls the stages, prints. Logic lives in the stages.

Exit codes: 0 done, 1 something failed, 2 wrong use, 3 nothing found.
"""

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crawler.target import Target

from toolrisk.options import FAILED, NOTHING_FOUND, WRONG_USE, AsJson, SubjectName
from toolrisk.settings import read_settings
from toolrisk.verdict_commands import verdicts

app = typer.Typer(
    help="What can each MCP tool do, how do we know, and what policy should stand before it?",
    epilog="Exit codes: 0 done, 1 something failed, 2 wrong use, 3 nothing found.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(verdicts)

Targets = Annotated[
    list[str] | None, typer.Argument(help="What to crawl; none: the default list.", metavar="[TARGET]...")
]
TargetFile = Annotated[Path | None, typer.Option("--targets", help="A list of targets, one a line.")]
SiteFolder = Annotated[Path, typer.Option("--out", help="The folder the site is built into.")]


@app.command()
def crawl(targets: Targets = None, list_file: TargetFile = None) -> None:
    """Discover, fetch, extract and store: targets into the catalog.

    A TARGET is npm:NAME[@VERSION], pypi:NAME[==VERSION], github:OWNER/REPO[@REF][#SUBFOLDER],
    git:URL-OR-PATH[@REF][#SUBFOLDER], a directory, an archive, or tools:FILE.json (a tools/list answer).
    """
    from toolrisk.pipeline import run_crawl
    from toolrisk.printing import print_report

    settings = read_settings()
    report = run_crawl(settings, _chosen_targets(targets, list_file))
    print_report(report)
    raise typer.Exit(FAILED if report.failed else 0)


@app.command()
def extract(target: Annotated[str, typer.Argument(help="What to look at.")], *, as_json: AsJson = False) -> None:
    """Show the tool definitions found in one target; no catalog is read or written."""
    from crawler.archive_cache import ArchiveCache
    from crawler.errors import CrawlError
    from crawler.target import parse_target
    from toolrisk.json_output import dump_json, extraction_document, failed_extraction_document
    from toolrisk.one_target import recover_one
    from toolrisk.printing import print_extraction

    parsed = parse_target(target)
    try:
        fetched, recovered = recover_one(parsed, ArchiveCache(read_settings().cache))
    except CrawlError as error:
        if as_json:
            typer.echo(dump_json(failed_extraction_document(target, error.reason)))
        raise
    if as_json:
        typer.echo(dump_json(extraction_document(fetched, recovered)))
    else:
        print_extraction(fetched, recovered)
    raise typer.Exit(0 if recovered.extraction.definitions else NOTHING_FOUND)


@app.command()
def classify(*, everything: Annotated[bool, typer.Option("--all", help="Assess every tool again.")] = False) -> None:
    """Assess what is new or changed in the catalog."""
    from toolrisk.pipeline import run_classify
    from toolrisk.printing import print_report

    print_report(run_classify(read_settings(), everything=everything))


@app.command()
def policy(
    subject: SubjectName,
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of printing.")] = None,
) -> None:
    """Print the recommended policy for a server."""
    from toolrisk.one_policy import recommend_for, write_atomically

    text, found = recommend_for(subject, read_settings())
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text)
    raise typer.Exit(0 if found else NOTHING_FOUND)


@app.command()
def site(out: SiteFolder = Path("public")) -> None:
    """Build the static site from the catalog."""
    from toolrisk.pipeline import run_site
    from toolrisk.printing import print_report

    print_report(run_site(read_settings(), out))


@app.command()
def serve(
    folder: Annotated[Path, typer.Option("--site", help="The built site.")] = Path("public"),
    port: Annotated[int, typer.Option(help="The port on localhost; 0 takes a free one.")] = 8000,
) -> None:
    """Preview the site on localhost."""
    from toolrisk.preview import serve_folder

    serve_folder(folder, port)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Say what the catalog holds, what failed and why."""
    from toolrisk.json_output import dump_json
    from toolrisk.pipeline import read_catalog_status
    from toolrisk.printing import print_status, status_document

    held = read_catalog_status(read_settings())
    if as_json:
        typer.echo(dump_json(status_document(held)))
    else:
        print_status(held)
    raise typer.Exit(0 if held.servers else NOTHING_FOUND)


@app.command("catalog")
def whole_catalog(targets: Targets = None, list_file: TargetFile = None, out: SiteFolder = Path("public")) -> None:
    """Crawl, classify and build the site, then sum up: all stages in their order."""
    from toolrisk.pipeline import read_catalog_status, run_classify, run_crawl, run_site
    from toolrisk.printing import print_report, print_summary

    settings = read_settings()
    crawled = run_crawl(settings, _chosen_targets(targets, list_file))
    print_report(crawled)
    print_report(run_classify(settings))
    print_report(run_site(settings, out))
    print_summary(read_catalog_status(settings), out / "index.html")
    raise typer.Exit(FAILED if crawled.failed else 0)


def command_names() -> list[str]:
    """List the names of all commands, for what documents them."""
    commands = [*app.registered_commands, *verdicts.registered_commands]
    return sorted(str(info.name or getattr(info.callback, "__name__", "")) for info in commands)


def main() -> None:
    """Run the command; our own errors become one line on standard error and an exit code."""
    from catalog.errors import CatalogError, UnknownServerError, UnknownToolError
    from classifier.errors import ClassifierError
    from crawler.errors import CrawlError, TargetError

    logging.basicConfig(format="toolrisk: %(message)s", level=logging.ERROR)
    try:
        app()
    except TargetError as error:
        _stop(error, WRONG_USE)
    except (UnknownServerError, UnknownToolError) as error:
        _stop(error, NOTHING_FOUND)
    except (CrawlError, CatalogError, ClassifierError) as error:
        _stop(error, FAILED)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _stop(f"{error.strerror or error}{where}", FAILED)
    except KeyboardInterrupt:
        _stop("interrupted; what was finished is kept, run again to go on", FAILED)


def _chosen_targets(texts: list[str] | None, list_file: Path | None) -> "list[Target]":
    from crawler.target import parse_target, read_targets

    chosen = [parse_target(text) for text in texts or []]
    if list_file is not None:
        chosen += read_targets(list_file)
    return chosen or read_targets(read_settings().data / "targets" / "default.txt")


def _stop(reason: object, code: int) -> None:
    typer.echo(f"toolrisk: {reason}", err=True)
    sys.exit(code)
