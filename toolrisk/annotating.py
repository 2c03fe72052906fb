"""What `toolrisk annotate` suggests to a server's author: the four hints of each tool, beside the declared ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from catalog.vocabulary import HINTS
from classifier.hints import infer_hints, suggest_hints
from classifier.view import ToolView
from toolrisk.settings import Settings
from toolrisk.subject import read_subject
from toolrisk.texts import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One tool's suggested hints, its declared ones, and which of these the assessment contradicts."""

    tool: str
    suggested: dict[str, bool]
    declared: dict[str, bool]
    contradicts: tuple[str, ...]


def suggest_annotations(subject: str, settings: Settings) -> list[Suggestion]:
    """Suggest annotations for every assessed tool of a subject. Raises what `read_subject` raises."""
    server = read_subject(subject, settings)
    found = []
    for definition, assessment in server.tools:
        if assessment is None:
            continue
        view = ToolView(definition, server.context)
        inferred = infer_hints(assessment.category, assessment.facets)
        contradicts = [hint for hint, value in view.hints.items() if inferred[hint] not in (None, value)]
        suggested = suggest_hints(assessment, view.main_verbs)
        found.append(Suggestion(definition.name, suggested, view.hints, tuple(contradicts)))
    return found


def annotation_document(suggestions: Sequence[Suggestion]) -> dict[str, Any]:
    """Lay out what `toolrisk annotate --json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tools": [
            {
                "name": one.tool,
                "annotations": one.suggested,
                "declared": one.declared,
                "contradicts": list(one.contradicts),
            }
            for one in suggestions
        ],
    }


def print_annotations(suggestions: Sequence[Suggestion]) -> None:
    """Show a row a tool; where another value is declared, it stands behind the suggested one."""
    console = Console(soft_wrap=True, highlight=False)
    table = Table(Column("tool", overflow="fold"), *HINTS, box=None, pad_edge=False)
    for one in suggestions:
        table.add_row(escape(one.tool), *(_cell(one, hint) for hint in HINTS))
    console.print(table)
    wrong = sum(bool(one.contradicts) for one in suggestions)
    if wrong:
        console.print(
            f"declared hints that the definition contradicts are marked with !: {wrong} of {len(suggestions)} tools"
        )


def _cell(one: Suggestion, hint: str) -> str:
    suggested, declared = one.suggested[hint], one.declared.get(hint)
    text = str(suggested).lower()
    if declared is None or declared is suggested:
        return text
    return f"{text} ({'! ' if hint in one.contradicts else ''}declared {str(declared).lower()})"
