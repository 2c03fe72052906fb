"""The commands `policy …`: recommend a policy and write it in any format, check, test and compare one."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from policy.profile import Bounds, Profile
from toolrisk.options import FAILED, NOTHING_FOUND, AsJson
from toolrisk.policy_apply_command import apply
from toolrisk.settings import read_settings

_DEFAULT_COMMAND = "export"


class _PolicyGroup(TyperGroup):
    """`toolrisk policy SERVER` is `toolrisk policy export SERVER`: what people want of it most."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = [_DEFAULT_COMMAND, *args]
        return super().parse_args(ctx, args)


policies = typer.Typer(
    cls=_PolicyGroup,
    no_args_is_help=True,
    help="Recommend, check, test, compare and apply policies; `policy SERVER` is `policy export SERVER`.",
)

Source = Annotated[
    str,
    typer.Argument(
        help="A server in the catalog, a target, a tools/list file, or a policy file.",
        metavar="SERVER|TARGET|FILE",
    ),
]
PolicyFile = Annotated[Path, typer.Argument(help="A policy document.", metavar="POLICY")]
ProfileName = Annotated[Profile, typer.Option("--profile", help="How much may pass; docs/policy.md has the table.")]
FormatName = Annotated[
    str, typer.Option("--format", help="A client or gateway; `toolrisk policy formats` lists them.", metavar="NAME")
]
ServerName = Annotated[
    str | None, typer.Option("--server-name", help="The name that you gave the server where the policy will stand.")
]
Allowed = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        help="What may pass, as often as needed: amount=100, currency=EUR, folder=/srv/work, host=example.com, "
        "recipient=@example.com.",
        metavar="KIND=VALUE",
    ),
]


class FailOn(StrEnum):
    """What makes `policy diff` fail."""

    LOOSER = "looser"
    ANY = "any"
    NOTHING = "nothing"


@policies.command()
def export(
    subject: Source,
    profile: ProfileName = Profile.RECOMMENDED,
    chosen: FormatName = "policy-json",
    server_name: ServerName = None,
    allow: Allowed = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of printing.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Print the recommended policy for a server, in the format of the client or gateway that enforces it."""
    from toolrisk.files import write_atomically
    from toolrisk.policies.exporting import find_format, policy_document, remarks, write_sourced
    from toolrisk.policies.source import policy_of, read_bounds
    from toolrisk.texts import dump_json

    form = find_format(chosen)
    sourced = policy_of(subject, read_settings(), profile, read_bounds(allow or ()), name=server_name)
    rendered = write_sourced(sourced, form)
    text = dump_json(policy_document(sourced, form, rendered)) + "\n" if as_json else rendered.text
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text)
    if not as_json:
        for remark in remarks(sourced, form, rendered):
            typer.echo(f"toolrisk: {remark}", err=True)
    raise typer.Exit(NOTHING_FOUND if sourced.unknown else 0)


@policies.command()
def formats(*, as_json: AsJson = False) -> None:
    """List the formats, where their text goes, and whether their form was checked against the target's document."""
    from policy.formats import FORMATS
    from toolrisk.policies.exporting import OURS, formats_document
    from toolrisk.printing import print_rows
    from toolrisk.texts import dump_json

    if as_json:
        typer.echo(dump_json(formats_document()))
        return
    rows = [(one.id, one.title, one.file, "" if one.checked else "unverified") for one in FORMATS]
    print_rows([(OURS, "Our own document, which says everything", "policy.json", ""), *rows])


@policies.command()
def schema() -> None:
    """Print the JSON Schema of policy documents; a document may name where it is as its `$schema`."""
    from policy.document import document_schema
    from toolrisk.texts import dump_json

    typer.echo(dump_json(document_schema()))


@policies.command()
def check(
    file: PolicyFile,
    server: Annotated[str | None, typer.Option("--server", help="The server that the policy is for.")] = None,
    profile: ProfileName = Profile.RECOMMENDED,
    *,
    as_json: AsJson = False,
) -> None:
    """Check a policy: is it valid, what does it leave out, which rules can never fire, what is recommended instead.

    Exit code 1 when a rule can never do what it says.
    """
    from policy.reading import read_document
    from toolrisk.policies.comparing import check_beside, check_report, difference_words
    from toolrisk.subject import read_subject
    from toolrisk.texts import dump_json

    document = read_document(file)
    subject = read_subject(server, read_settings()) if server is not None else None
    remarks, differences = check_beside(document, subject, profile)
    if as_json:
        typer.echo(dump_json(check_report(remarks, differences)))
    else:
        for remark in remarks:
            typer.echo(f"{remark.level}: {remark.place}: {remark.says}")
        for one in differences:
            typer.echo(f"recommended otherwise: {difference_words(one)}")
        if not remarks and not differences:
            typer.echo("valid; nothing to say against it")
    raise typer.Exit(FAILED if any(remark.level == "error" for remark in remarks) else 0)


@policies.command("test")
def try_calls(
    file: PolicyFile,
    calls: Annotated[Path, typer.Argument(help="Calls, one JSON object a line: tool, arguments, at.", metavar="CALLS")],
    *,
    as_json: AsJson = False,
) -> None:
    """Try recorded calls on a policy: which it would allow, ask, deny or throttle, and by which rule."""
    from policy.reading import read_document
    from toolrisk.policies.testing import judge_calls, judged_document, judged_words, read_calls
    from toolrisk.texts import dump_json

    judged = judge_calls(read_document(file), read_calls(calls))
    if as_json:
        typer.echo(dump_json(judged_document(judged)))
        return
    for one in judged:
        typer.echo(judged_words(one))


@policies.command()
def diff(
    before: Source,
    after: Source,
    profile: ProfileName = Profile.RECOMMENDED,
    fail_on: Annotated[FailOn, typer.Option(help="Which differences give exit code 1.")] = FailOn.NOTHING,
    *,
    as_json: AsJson = False,
) -> None:
    """Compare two policies, tool by tool: policy files, or what is recommended for servers.

    A line with - lets more pass than before, + less, ~ is not for certain either.
    """
    from toolrisk.policies.comparing import compare_sourced, diff_report, difference_words
    from toolrisk.policies.source import policy_of
    from toolrisk.texts import dump_json

    one, other = (policy_of(subject, read_settings(), profile, Bounds()) for subject in (before, after))
    differences = compare_sourced(one, other)
    if as_json:
        typer.echo(dump_json(diff_report(differences)))
    else:
        for difference in differences:
            typer.echo(difference_words(difference))
    bad = {
        FailOn.ANY: bool(differences),
        FailOn.LOOSER: any(difference.is_looser is not False for difference in differences),
        FailOn.NOTHING: False,
    }
    raise typer.Exit(FAILED if bad[fail_on] else 0)


policies.command()(apply)
