"""The command `toolrisk live`: the one that runs foreign code, or calls a foreign server, and says so first.

Not for how: crawler/live/asking.py asks, toolrisk/listing_live.py prepares, toolrisk/live_output.py shows.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolrisk.options import FAILED, NOTHING_FOUND, WRONG_USE, AsJson
from toolrisk.settings import read_settings

if TYPE_CHECKING:
    from catalog.records import ToolDefinition
    from crawler.live.records import LiveListing, LiveSetting, LiveTarget
    from toolrisk.listing_live import Ask

live = typer.Typer()

LiveTargetText = Annotated[
    str, typer.Argument(help='"stdio:COMMAND ARGUMENT...", or https://HOST/PATH.', metavar="TARGET")
]
Against = Annotated[str, typer.Option(help="Compare with what the source declares.", metavar="SERVER|TARGET|FILE")]
AllowEnv = Annotated[list[str] | None, typer.Option(help="Let the started server see this variable.", metavar="NAME")]
Headers = Annotated[
    list[str] | None,
    typer.Option("--header", help="Send a header whose value this variable holds.", metavar="NAME=ENVVAR"),
]
Seconds = Annotated[float, typer.Option(help="End it after this time.", min=1, max=3600)]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Call addresses in private networks.")]
Yes = Annotated[bool, typer.Option("--yes", help="Start foreign code without a question.")]
DumpFile = Annotated[Path | None, typer.Option(help="Write the tools to FILE, as tools:FILE.json reads them.")]


@live.command("live")
def list_running(  # noqa: PLR0913  one parameter an option
    target: LiveTargetText,
    *,
    against: Against = "",
    allow_env: AllowEnv = None,
    headers: Headers = None,
    seconds: Seconds = 60,
    allow_private: AllowPrivate = False,
    yes: Yes = False,
    as_json: AsJson = False,
    out: DumpFile = None,
) -> None:
    """Start or call a server, list its tools, and compare them with its source.

    A stdio: target RUNS FOREIGN CODE with your rights; nothing else in toolrisk does. docs/live.md says what bounds it.
    """
    from crawler.live.records import parse_live_target
    from toolrisk import listing_live as listing

    parsed = parse_live_target(target)
    try:
        setting = listing.make_setting(parsed, allow_env or [], headers or [], seconds, allow_private=allow_private)
        listing.check_out(out)
        ask = listing.find_sdk()
        static = _read_static(against)
        listing.ask_leave(parsed, setting, yes=yes)
    except (listing.SdkMissingError, listing.RefusedError) as error:
        typer.echo(f"toolrisk: live: {error}", err=True)
        raise typer.Exit(FAILED if isinstance(error, listing.SdkMissingError) else WRONG_USE) from error
    listed = _ask(ask, parsed, setting, as_json=as_json)
    _show(parsed, listed, against, static, out, as_json=as_json)
    raise typer.Exit(0 if listed.extraction.definitions else NOTHING_FOUND)


def _read_static(against: str) -> "list[ToolDefinition]":
    if not against:
        return []
    from toolrisk.subject import read_subject

    return [definition for definition, _ in read_subject(against, read_settings()).tools]


def _ask(ask: "Ask", target: "LiveTarget", setting: "LiveSetting", *, as_json: bool) -> "LiveListing":
    from crawler.errors import FetchError
    from toolrisk.listing_live import ask_server
    from toolrisk.live_output import failed_live_document
    from toolrisk.texts import dump_json

    try:
        return ask_server(ask, target, setting)
    except FetchError as error:
        if as_json:
            typer.echo(dump_json(failed_live_document(target, error.reason)))
        raise


def _show(
    target: "LiveTarget",
    listed: "LiveListing",
    against: str,
    static: "list[ToolDefinition]",
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    from crawler.live.comparison import compare_listings
    from toolrisk.live_output import show_live, write_dump

    if out is not None:
        write_dump(out, listed)
    comparison = compare_listings(static, listed.extraction.definitions) if against else None
    show_live(target, listed, against, comparison, as_json=as_json)
