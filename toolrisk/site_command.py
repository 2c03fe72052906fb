"""The command that builds the site, with its options."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from toolrisk.options import SiteFolder
from toolrisk.settings import read_settings

sites = typer.Typer()


def _check_address(text: str) -> str:
    """Take an address of the web as it is; raise BadParameter for what is none."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise typer.BadParameter(f"{text}: expected an address such as https://tools.example.org/catalog/")
    return text


@sites.command()
def site(
    out: SiteFolder = Path("public"),
    base_url: Annotated[
        str, typer.Option(help="The public address of the site's root.", callback=_check_address, metavar="URL")
    ] = "",
    report_url: Annotated[
        str, typer.Option(help="Where wrong verdicts are reported.", callback=_check_address, metavar="URL")
    ] = "",
    theme: Annotated[
        Path | None,
        typer.Option(help="A folder whose templates and static files come first.", exists=True, file_okay=False),
    ] = None,
    *,
    precompress: Annotated[bool, typer.Option("--precompress", help="Put a gzip file beside every text.")] = False,
) -> None:
    """Build the static site from the catalog.

    Only what changed is made again, and the site in the folder stays whole until the new one is complete.
    """
    from toolrisk.pipeline import run_site
    from toolrisk.printing import print_report

    chosen = {"base_url": base_url, "report_url": report_url, "theme": theme, "precompress": precompress}
    print_report(run_site(read_settings(), out, **chosen))
