"""The commands about verdicts: give, explain, correct, measure and train them. Logic lives in their own modules."""

from pathlib import Path
from typing import Annotated

import typer

from toolrisk.options import NOTHING_FOUND, WRONG_USE, AsJson, SubjectName
from toolrisk.settings import read_settings

verdicts = typer.Typer()

Dumps = Annotated[Path, typer.Argument(help="A folder of tools/list answers that name registry and package.")]


@verdicts.command()
def assess(
    file: Annotated[str, typer.Argument(help="A tools/list answer; - is standard input.")],
    *,
    server: Annotated[str, typer.Option(help="The server's name, if it says something.")] = "",
    as_json: AsJson = False,
) -> None:
    """Assess the tools of a tools/list answer; no catalog is read or written."""
    from toolrisk.json_output import assessment_document
    from toolrisk.one_target import read_dump
    from toolrisk.printing import print_assessments
    from toolrisk.subject import assess_definitions
    from toolrisk.texts import dump_json

    extraction = read_dump(file)
    judged = [one for _definition, one in assess_definitions(server, None, extraction.definitions).tools if one]
    if as_json:
        typer.echo(dump_json(assessment_document(extraction, judged)))
    else:
        print_assessments(extraction, judged)
    raise typer.Exit(0 if extraction.definitions else NOTHING_FOUND)


@verdicts.command()
def explain(
    subject: SubjectName,
    tool: Annotated[str, typer.Argument(help="The tool's name.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show everything that spoke for a tool's verdict, and how much."""
    from toolrisk.explaining import explain_one, explanation_document, print_explanation
    from toolrisk.texts import dump_json

    explanation = explain_one(subject, tool, read_settings())
    if as_json:
        typer.echo(dump_json(explanation_document(tool, explanation)))
    else:
        print_explanation(tool, explanation)


@verdicts.command()
def annotate(subject: SubjectName, *, as_json: AsJson = False) -> None:
    """Suggest annotations to the author of a server, beside those declared."""
    from toolrisk.annotating import annotation_document, print_annotations, suggest_annotations
    from toolrisk.texts import dump_json

    suggested = suggest_annotations(subject, read_settings())
    if as_json:
        typer.echo(dump_json(annotation_document(suggested)))
    else:
        print_annotations(suggested)
    raise typer.Exit(0 if suggested else NOTHING_FOUND)


@verdicts.command()
def override(
    server: Annotated[str, typer.Argument(help="A server in the catalog.")],
    tool: Annotated[str, typer.Argument(help="The tool's name.")],
    *,
    category: Annotated[str, typer.Option(help="Read, Write, Execute, Destructive or Financial.")] = "",
    reason: Annotated[str, typer.Option(help="Why, in a sentence; it is shown with the verdict.")] = "",
    reviewer: Annotated[str, typer.Option(help="Who says so.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the correction back.")] = False,
) -> None:
    """Correct a verdict after review; the correction always wins and is shown as such.

    Corrections stand in overrides.jsonl, or the file that TOOLRISK_OVERRIDES names; `toolrisk classify` applies them.
    """
    from toolrisk.overriding import parse_category, remove_override, set_override

    settings = read_settings()
    if remove:
        typer.echo(remove_override(server, tool, settings))
        return
    chosen = parse_category(category)
    if chosen is None or not reason.strip() or not reviewer.strip():
        typer.echo("toolrisk: override needs --category (one of the five), --reason and --reviewer", err=True)
        raise typer.Exit(WRONG_USE)
    typer.echo(set_override(server, tool, chosen, reason.strip(), reviewer.strip(), settings))


@verdicts.command()
def combinations(
    servers: Annotated[
        list[str], typer.Argument(help="Servers that one agent is to have together.", metavar="SERVER...")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Find tools of several servers that are dangerous together, and the fewest to cut."""
    from toolrisk.combining import combination_document, look_together, print_combinations
    from toolrisk.texts import dump_json

    together = look_together(servers, read_settings())
    if as_json:
        typer.echo(dump_json(combination_document(together)))
    else:
        print_combinations(together)


@verdicts.command()
def train(dumps: Dumps) -> None:
    """Train the classifier again from our labels; for developers, in a checkout."""
    from toolrisk.texts import dump_json
    from toolrisk.training import train_model

    typer.echo(dump_json(train_model(read_settings(), dumps)))


@verdicts.command()
def evaluate(
    dumps: Dumps,
    *,
    labels: Annotated[Path | None, typer.Option(help="Your own labels file: judged by the shipped model.")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="List every miss.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure the classifier: by cross-validation over servers, or the shipped model on labels of your own."""
    from toolrisk.evaluating import evaluation_document, measure, print_evaluations
    from toolrisk.texts import dump_json

    found = measure(dumps, labels, read_settings())
    if as_json:
        typer.echo(dump_json(evaluation_document(found)))
    else:
        print_evaluations(found, misses=misses)
