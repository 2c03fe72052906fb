"""The command `scan`: the servers that clients are set up with, what they can do, and whether that was accepted.

Not for how: toolrisk/scan/ finds, reads, judges and lays out; here are only options and exit codes.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from toolrisk.scan.finding import Finding, Level
    from toolrisk.scan.report import ReadServer, ScanReport
    from toolrisk.scan.run import Accepted, Readers
    from toolrisk.settings import Settings

from toolrisk.options import FAILED, NOTHING_FOUND, WRONG_USE, AsJson
from toolrisk.settings import read_settings

scans = typer.Typer()

_LEVELS = ("critical", "high", "medium", "low", "info")
Named = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Configuration files, or folders of projects; nothing named: this machine's clients and this folder.",
        metavar="[FILE|FOLDER]...",
    ),
]
Fetch = Annotated[bool, typer.Option("--fetch", help="Download and read what the catalog does not hold.")]
FailOn = Annotated[
    str,
    typer.Option(
        metavar="LEVEL[,unknown]",
        help="What counts: findings at or above critical, high, medium, low or info; with unknown also what was not "
        "analysed. unknown alone means high,unknown; never counts nothing.",
    ),
]
Sarif = Annotated[str | None, typer.Option(help="Write SARIF 2.1.0 to FILE; - prints it.", metavar="FILE")]
Markdown = Annotated[str | None, typer.Option(help="Write Markdown to FILE; - prints it.", metavar="FILE")]
BaselineFile = Annotated[
    Path | None, typer.Option("--baseline", help="Count only what is new or has risen since.", metavar="FILE")
]
NewBaseline = Annotated[
    Path | None, typer.Option("--write-baseline", help="Accept everything found now: write it to FILE.", metavar="FILE")
]
IgnoreFile = Annotated[
    Path | None,
    typer.Option("--ignore", help="Findings to ignore; .toolrisk-ignore.toml if it is there.", metavar="FILE"),
]

Policies = Annotated[
    str | None,
    typer.Option("--policy", help="Write each server's recommended policy in this format.", metavar="FORMAT"),
]
PolicyFolder = Annotated[Path, typer.Option("--policy-folder", help="Where --policy writes.", metavar="FOLDER")]


@scans.command()
def scan(  # noqa: PLR0913  one parameter an option
    named: Named = None,
    *,
    fetch: Fetch = False,
    fail_on: FailOn = "high",
    baseline: BaselineFile = None,
    write_baseline: NewBaseline = None,
    ignore: IgnoreFile = None,
    policy: Policies = None,
    policy_folder: PolicyFolder = Path("policies"),
    as_json: AsJson = False,
    sarif: Sarif = None,
    markdown: Markdown = None,
) -> None:
    """Scan the MCP servers that clients are set up with: what each can do, and what they can do together.

    Nothing is run or called, and without --fetch nothing leaves the machine. Secrets in configurations are never shown.
    A server that could not be resolved is not analysed, which is not the same as clean. An entry of the ignore file is
    [[ignore]] with id, reason and perhaps expires.

    Exit codes: 0 nothing counts, 1 findings that count (--fail-on), 2 wrong use, 3 nothing to scan.
    """
    from toolrisk.scan.finding_servers import find_configured, this_machine
    from toolrisk.scan.run import scan as run_scan

    level, unknown = _parse_fail_on(fail_on)
    _check(named or [], [as_json, sarif == "-", markdown == "-"])
    accepted = _accepted(baseline, ignore)
    settings, surroundings = read_settings(), this_machine()
    found = find_configured(named or [], surroundings, Path.cwd())
    report = run_scan(found, surroundings, _readers(settings, fetch=fetch), accepted)
    counting = report.counting(level, unknown=unknown) if level is not None else []
    if policy is not None:
        _write_policies(report, policy, policy_folder)
    if write_baseline is not None:
        _write_baseline(report, write_baseline)
        counting = []
    _show(report, counting, as_json=as_json, sarif=sarif, markdown=markdown)
    raise typer.Exit(FAILED if counting else NOTHING_FOUND if report.is_empty else 0)


def _parse_fail_on(text: str) -> "tuple[Level | None, bool]":
    from toolrisk.scan.finding import Level

    words = [word.strip() for word in text.split(",")]
    levels = [word for word in words if word in _LEVELS]
    if words == ["never"]:
        return None, False
    if set(words) - {*_LEVELS, "unknown"} or len(levels) > 1:
        _stop(f"--fail-on {text}: expected one of {', '.join(_LEVELS)}, perhaps with ,unknown; or never")
    return Level(levels[0] if levels else "high"), "unknown" in words


def _check(named: list[Path], printing: list[bool]) -> None:
    if sum(printing) > 1:
        _stop("--json, --sarif - and --markdown - all print to the same place; give a file to all but one")
    for path in named:
        if not path.exists():
            _stop(f"{path}: no such file or folder")


def _accepted(baseline: Path | None, ignore: Path | None) -> "Accepted":
    from datetime import UTC, datetime

    from toolrisk.scan.baseline import BaselineError, read_baseline
    from toolrisk.scan.ignoring import USUAL_FILE, IgnoreError, read_ignored
    from toolrisk.scan.run import Accepted

    usual = Path(USUAL_FILE)
    file = ignore or (usual if usual.exists() else None)
    try:
        held = read_baseline(baseline) if baseline is not None else None
        return Accepted(datetime.now(UTC).date(), held, read_ignored(file) if file is not None else ())
    except (BaselineError, IgnoreError) as error:
        _stop(str(error))
        raise


def _readers(settings: "Settings", *, fetch: bool) -> "Readers":
    """Give how servers come to be known; what reads sources is loaded only when one has to be read."""
    from toolrisk.scan.looking_up import look_up
    from toolrisk.scan.run import Readers

    def read_folder(folder: Path) -> "ReadServer | str":
        from toolrisk.scan import reading

        return reading.read_folder(folder, settings, fetch=fetch)

    def read_sources(folder: Path) -> "list[ReadServer]":
        from toolrisk.scan import reading

        return reading.read_sources(folder, settings, fetch=fetch)

    def fetch_one(target: str) -> "ReadServer | str":
        from toolrisk.scan import reading

        return reading.fetch_target(target, settings)

    return Readers(
        lambda keys: look_up(settings.catalog, list(keys)), read_folder, read_sources, fetch_one if fetch else None
    )


def _write_baseline(report: "ScanReport", path: Path) -> None:
    from toolrisk.files import write_atomically
    from toolrisk.scan.baseline import baseline_document
    from toolrisk.texts import dump_json

    write_atomically(path, dump_json(baseline_document(report)) + "\n")


def _write_policies(report: "ScanReport", chosen: str, folder: Path) -> None:
    from toolrisk.policies.exporting import find_format
    from toolrisk.scan.policies import write_policies

    for one in write_policies(report.servers, find_format(chosen), folder):
        says = f" ({one.says})" if one.file and one.says else one.says
        typer.echo(f"toolrisk: {one.server}: {one.file or ''}{says}", err=True)


def _show(
    report: "ScanReport", counting: "list[Finding]", *, as_json: bool, sarif: str | None, markdown: str | None
) -> None:
    from toolrisk.scan.console import print_scan
    from toolrisk.scan.json_report import scan_document
    from toolrisk.scan.markdown import render_markdown
    from toolrisk.texts import dump_json

    folder, home = Path.cwd(), Path.home()
    if as_json:
        typer.echo(dump_json(scan_document(report, failed=bool(counting))))
    elif "-" not in (sarif, markdown):
        print_scan(report, counting, folder, home)
    if sarif is not None:
        from toolrisk.scan.sarif import sarif_document

        _put(sarif, dump_json(sarif_document(report, folder)) + "\n")
    if markdown is not None:
        _put(markdown, render_markdown(report, counting, folder, home))


def _put(where: str, text: str) -> None:
    from toolrisk.files import write_atomically

    if where == "-":
        typer.echo(text, nl=False)
    else:
        write_atomically(Path(where), text)


def _stop(reason: str) -> None:
    typer.echo(f"toolrisk: {reason}", err=True)
    raise typer.Exit(WRONG_USE)
