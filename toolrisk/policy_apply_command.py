"""The command `policy apply`: recommended policies merged into a client's own file; shown first, written on demand.

Not for deciding what is recommended: that is `policy export`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from policy.profile import Profile
from toolrisk.options import NOTHING_FOUND, AsJson
from toolrisk.settings import SettingError, read_settings


def apply(  # noqa: PLR0913  one parameter an option
    client: Annotated[str, typer.Option("--client", help="The client, such as claude-code or codex.", metavar="NAME")],
    server: Annotated[
        list[str] | None,
        typer.Option(
            "--server",
            help="Only this server, by its name in the client; after = what it is: a server in the catalog, a target, "
            "a tools/list file or a policy file. As often as needed.",
            metavar="NAME[=SERVER|TARGET|FILE]",
        ),
    ] = None,
    profile: Annotated[
        Profile, typer.Option("--profile", help="How much may pass; docs/policy.md has the table.")
    ] = Profile.RECOMMENDED,
    file: Annotated[Path | None, typer.Option(help="The client's file, instead of the usual one.")] = None,
    project: Annotated[
        Path | None, typer.Option(help="A folder: its servers, and the client's file in it, instead of the user's.")
    ] = None,
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also replace entries that are stricter, and wildcards for the server.")
    ] = False,
    fetch: Annotated[bool, typer.Option("--fetch", help="Download and read what the catalog does not hold.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the file; a backup is kept beside it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Merge the recommended policy of each server that a client has into the client's own file.

    Shows the difference and writes nothing, until --write is given. What stands there and is not this server's stays,
    and so does what is stricter. Servers that are not known are left alone.
    """
    from toolrisk.policies.apply_output import application_document, application_words, patch_of
    from toolrisk.policies.applying import Request, plan_application, write_application
    from toolrisk.policies.policy_files import find_client
    from toolrisk.scan.finding_servers import this_machine
    from toolrisk.texts import dump_json

    surroundings = this_machine()
    request = Request(find_client(client), _named(server or ()), profile, file, project, replace, fetch)
    found = plan_application(request, read_settings(), surroundings)
    written = write_application(found, request, surroundings) if write else None
    if as_json:
        typer.echo(dump_json(application_document(found, written)))
    else:
        for one in found.files:
            for line in patch_of(one, found.form.id):
                typer.echo(line)
        for words in application_words(found, written):
            typer.echo(f"toolrisk: {words}", err=True)
        if not found.servers and not found.left and not found.problems:
            typer.echo(f"toolrisk: {client}: no server is configured; nothing to apply", err=True)
    raise typer.Exit(0 if found.servers else NOTHING_FOUND)


def _named(given: Iterable[str]) -> dict[str, str | None]:
    named: dict[str, str | None] = {}
    for one in given:
        name, equals, subject = one.partition("=")
        if not name or (equals and not subject):
            raise SettingError(f"--server {one}: expected the server's name in the client, or NAME=SERVER|TARGET|FILE")
        named[name] = subject or None
    return named
