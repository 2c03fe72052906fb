"""The command `toolrisk`: reads flags and environment, calls the stages, prints. Logic lives in the stages.

Exit codes: 0 done, 1 something failed, 2 wrong use, 3 nothing found.
"""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.models import CommandInfo

from toolrisk.changes_command import history
from toolrisk.crawl_commands import crawls
from toolrisk.live_commands import live
from toolrisk.options import FAILED, NOTHING_FOUND, WRONG_USE, AsJson, SubjectName
from toolrisk.policy_commands import policies
from toolrisk.scan_command import scans
from toolrisk.settings import read_settings
from toolrisk.site_command import sites
from toolrisk.verdict_commands import verdicts

app = typer.Typer(
    help="What can each MCP tool do, how do we know, and what policy should stand before it?",
    epilog="Exit codes: 0 done, 1 something failed, 2 wrong use, 3 nothing found.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

stages = typer.Typer()


@app.callback()
def choose(
    executor: Annotated[
        str | None,
        typer.Option(
            help="Where the work of crawl, catalog and site runs; TOOLRISK_EXECUTOR says the same.",
            metavar="serial|processes[:N]|dask:ADDRESS",
        ),
    ] = None,
) -> None:
    """Take what holds for every command."""
    if executor:
        os.environ["TOOLRISK_EXECUTOR"] = executor


@stages.command()
def extract(target: Annotated[str, typer.Argument(help="What to look at.")], *, as_json: AsJson = False) -> None:
    """Show the tool definitions found in one target; no catalog is read or written."""
    from crawler.errors import CrawlError
    from crawler.target import parse_target
    from toolrisk.json_output import extraction_document, failed_extraction_document
    from toolrisk.one_target import recover_one
    from toolrisk.printing import print_extraction
    from toolrisk.texts import dump_json

    parsed = parse_target(target)
    try:
        fetched, recovered = recover_one(parsed, read_settings())
    except CrawlError as error:
        if as_json:
            typer.echo(dump_json(failed_extraction_document(target, error.reason)))
        raise
    if as_json:
        typer.echo(dump_json(extraction_document(fetched, recovered)))
    else:
        print_extraction(fetched, recovered)
    raise typer.Exit(0 if recovered.extraction.definitions else NOTHING_FOUND)


@stages.command()
def classify(*, everything: Annotated[bool, typer.Option("--all", help="Assess every tool again.")] = False) -> None:
    """Assess what is new or changed in the catalog."""
    from toolrisk.pipeline import run_classify
    from toolrisk.printing import print_report

    print_report(run_classify(read_settings(), everything=everything))


@stages.command()
def export(
    out: Annotated[Path, typer.Argument(help="The file to write.")],
    form: Annotated[str, typer.Option("--format", metavar="jsonl|parquet|sqlite", help="What to write.")] = "jsonl",
) -> None:
    """Write the whole catalog as one file: every tool with its verdict and policy, or the catalog itself."""
    from catalog.session import open_catalog
    from toolrisk.exporting import export_catalog

    count = export_catalog(open_catalog(read_settings().catalog, create=False), form, out)
    typer.echo(f"{out}: {count:,} tools")


@stages.command()
def badge(
    subject: SubjectName,
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of printing.")] = None,
) -> None:
    """Draw a server's badge for its README: an SVG with the highest risk of its tools."""
    from site_builder.badge import render_badge
    from toolrisk.files import write_atomically
    from toolrisk.subject import read_subject

    tools = read_subject(subject, read_settings()).tools
    text = render_badge(assessment for _, assessment in tools).decode()
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text)
    raise typer.Exit(0 if tools else NOTHING_FOUND)


@stages.command()
def serve(
    folder: Annotated[Path, typer.Option("--site", help="The built site.")] = Path("public"),
    port: Annotated[int, typer.Option(help="The port on localhost; 0 takes a free one.")] = 8000,
) -> None:
    """Preview the site on localhost."""
    from toolrisk.preview import serve_folder

    serve_folder(folder, port)


GROUPS = (crawls, history, sites, stages, verdicts, scans, live)
NESTED = {"policy": policies}
for group in GROUPS:
    app.add_typer(group)
for name, nested in NESTED.items():
    app.add_typer(nested, name=name)


def command_names() -> list[str]:
    """List the names of all commands, for what documents them."""
    flat = [_name(info) for group in GROUPS for info in group.registered_commands]
    nested = [f"{name} {_name(info)}" for name, group in NESTED.items() for info in group.registered_commands]
    return sorted([*flat, *NESTED, *nested])


def _name(info: CommandInfo) -> str:
    return str(info.name or getattr(info.callback, "__name__", ""))


def main() -> None:
    """Run the command; our own errors become one line on standard error and an exit code."""
    from catalog.errors import CatalogError, UnknownServerError, UnknownToolError
    from classifier.errors import ClassifierError
    from crawler.errors import CrawlError, TargetError
    from policy.errors import PolicyError
    from toolrisk.errors import ExportError
    from toolrisk.executors import ExecutorError
    from toolrisk.settings import SettingError

    logging.basicConfig(format="toolrisk: %(message)s", level=logging.ERROR)
    try:
        app()
    except (TargetError, SettingError, ExecutorError, ExportError) as error:
        _stop(error, WRONG_USE)
    except (UnknownServerError, UnknownToolError) as error:
        _stop(error, NOTHING_FOUND)
    except (CrawlError, CatalogError, ClassifierError, PolicyError) as error:
        _stop(error, FAILED)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _stop(f"{error.strerror or error}{where}", FAILED)
    except KeyboardInterrupt:
        _stop("interrupted; what was finished is kept, run again to go on", FAILED)


def _stop(reason: object, code: int) -> None:
    typer.echo(f"toolrisk: {reason}", err=True)
    sys.exit(code)
