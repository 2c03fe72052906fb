"""The command `changes`: what happened to tools between looks."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from catalog.history import ToolChange

from toolrisk.options import NOTHING_FOUND, AsJson
from toolrisk.settings import read_settings

history = typer.Typer()

Since = Annotated[
    str, typer.Option(help="A day or time in ISO 8601 and UTC, or an age such as 24h or 7d.", metavar="WHEN")
]
OfServer = Annotated[str | None, typer.Option("--server", help="Only what happened to this server's tools.")]
Notable = Annotated[
    bool,
    typer.Option(
        "--notable",
        help="Only rises of category or risk, descriptions that changed while the schema did not, and tools that "
        "came back.",
    ),
]


@history.command()
def changes(since: Since = "7d", server: OfServer = None, *, notable: Notable = False, as_json: AsJson = False) -> None:
    """Tell what changed in tools, newest first: added, removed, changed, returned, and above all what rose in risk."""
    from catalog.history import iter_changes
    from catalog.queries import find_server
    from catalog.session import open_catalog
    from toolrisk.texts import SCHEMA_VERSION, dump_json

    begin = _parse_since(since)
    engine = open_catalog(read_settings().catalog, create=False)
    slug = find_server(engine, server).slug if server is not None else None
    found = iter_changes(engine, since=begin, server=slug)
    kept = (one for one in found if one.is_notable or not notable)
    if as_json:
        documents = [_document(one) for one in kept]
        typer.echo(dump_json({"schema_version": SCHEMA_VERSION, "changes": documents}))
        raise typer.Exit(0 if documents else NOTHING_FOUND)
    raise typer.Exit(0 if _print(kept) else NOTHING_FOUND)


def _parse_since(text: str) -> str:
    number, unit = text[:-1], text[-1:]
    if unit in ("h", "d") and number.isdigit() and len(number) <= 5:
        age = timedelta(hours=int(number) * (24 if unit == "d" else 1))
        return (datetime.now(UTC) - age).isoformat(timespec="seconds")
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text}: expected a day such as 2026-11-01, or an age such as 24h or 7d") from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _print(found: Iterable["ToolChange"]) -> int:
    from toolrisk.texts import one_line

    count = 0
    for one in found:
        count += 1
        versions = f" {one.version_before or '?'} -> {one.version or '?'}" if one.version_before != one.version else ""
        mark = "!" if one.is_notable else " "
        typer.echo(one_line(f"{mark} {one.at[:16]} {one.server_name}{versions}: {one.tool}: {one.describe()}"))
    return count


def _document(one: "ToolChange") -> dict[str, Any]:
    from dataclasses import asdict

    rises = {"category_rose": one.category_rose, "risk_rose": one.risk_rose}
    return {**asdict(one), **rises, "only_words_changed": one.only_words_changed, "notable": one.is_notable}
