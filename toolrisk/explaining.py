"""What `toolrisk explain` finds and shows: one verdict, laid open."""

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from classifier.explanation import Explanation, explain_tool
from classifier.overrides import read_overrides
from toolrisk.json_output import assessment_fields
from toolrisk.settings import Settings
from toolrisk.subject import read_subject
from toolrisk.texts import SCHEMA_VERSION

_SHOWN_PULLS = 16


def explain_one(subject: str, tool: str, settings: Settings) -> Explanation:
    """Explain the verdict on one tool. Raises UnknownToolError and what `read_subject` raises."""
    server = read_subject(subject, settings)
    definition, _assessment = server.find_tool(tool)
    overrides = read_overrides(settings.overrides)
    return explain_tool(definition, server.context, overrides.get((server.slug or "", tool)))


def explanation_document(tool: str, explanation: Explanation) -> dict[str, Any]:
    """Lay out what `toolrisk explain --json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool,
        "assessment": assessment_fields(explanation.assessment),
        "rules": [asdict(answer) for answer in explanation.answers],
        "start": explanation.start,
        "pulls": [asdict(pull) for pull in explanation.pulls],
        "notes": list(explanation.notes),
    }


def print_explanation(tool: str, explanation: Explanation) -> None:
    """Show the verdict, then what spoke for it and against it."""
    console = Console(soft_wrap=True, highlight=False)
    found = explanation.assessment
    console.print(f"{escape(tool)}: {found.category}, risk {found.risk}, {found.confidence:.0%} sure")
    console.print(escape(found.rationale))
    ranked = sorted(found.probabilities.items(), key=lambda item: -item[1])
    console.print(", ".join(f"{category} {chance:.1%}" for category, chance in ranked))
    rules = Table("rule", "says", "where", "words", box=None, pad_edge=False)
    for answer in explanation.answers:
        rules.add_row(*map(escape, (answer.rule, answer.says, answer.field, " ".join(answer.quote.split()))))
    console.print()
    console.print(rules)
    pulls = Table("log-odds", "feature", "what it is", box=None, pad_edge=False)
    pulls.add_row(
        f"{explanation.start:+.2f}", "", f"before anything was read, {found.category} : {found.second_choice}"
    )
    for pull in explanation.pulls[:_SHOWN_PULLS]:
        pulls.add_row(f"{pull.weight:+.2f}", escape(pull.feature), pull.kind)
    console.print()
    console.print(pulls)
    if len(explanation.pulls) > _SHOWN_PULLS:
        rest = sum(pull.weight for pull in explanation.pulls[_SHOWN_PULLS:])
        console.print(f"and {len(explanation.pulls) - _SHOWN_PULLS} more features, {rest:+.2f} in all")
    facets = ", ".join(f"{facet} {value.value}" for facet, value in found.facets.items())
    console.print(f"\n{facets}")
    for line in (*(move.reason for move in found.moves), *explanation.notes):
        console.print(escape(line))
