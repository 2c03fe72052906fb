"""What the recommended policies let pass, on tools whose classifier never saw their server; and how fast they are made.

The truth is our labels (data/labels) joined with a folder of `tools/list` answers; see docs/benchmarks.md.

    python benchmarks/policies.py TRUTH
"""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import Category
from classifier.assess import assess_tools
from classifier.evaluate import assess_out_of_fold
from classifier.labels import LabelledTool
from classifier.siblings import server_context
from policy.conditions import is_check
from policy.document import build_document, render_document
from policy.format import sum_up, write_policy
from policy.formats import FORMATS
from policy.profile import Profile
from policy.recommend import recommend
from policy.recommendation import Decision, Recommendation, ServerPolicy, strictest
from toolrisk.settings import read_settings
from toolrisk.training import read_definitions

_TOOLS = 300
_ROUNDS = 5
_COLUMNS = ("free", "limited", "by argument", "asked", "stopped")

Judged = Sequence[tuple[LabelledTool, Assessment]]


def main(
    truth: Annotated[Path, typer.Argument(help="A folder of tools/list answers that name registry and package.")],
) -> None:
    """Measure and print Markdown."""
    definitions = read_definitions(truth)
    folder = read_settings().data / "labels"
    judged = assess_out_of_fold(folder / "labels.csv", folder / "authored.jsonl", definitions)
    for profile in Profile:
        print(f"\n`{profile}`, {len(judged)} labelled tools:\n")
        print(f"| label | tools | {' | '.join(_COLUMNS)} |")
        print(f"|---|{'---:|' * (len(_COLUMNS) + 1)}")
        for row in _rows(judged, profile):
            print(f"| {' | '.join(map(str, row))} |")
    _print_passed(judged)
    _print_speed(list(definitions.values())[:_TOOLS])


def _rows(judged: Judged, profile: Profile) -> list[list[object]]:
    counts: dict[Category, Counter[str]] = {category: Counter() for category in Category}
    for tool, assessment in judged:
        counts[tool.category][_column(recommend(tool.definition, assessment, profile))] += 1
    return [[label, found.total(), *(found[column] for column in _COLUMNS)] for label, found in counts.items()]


def _column(one: Recommendation) -> str:
    if one.decision in (Decision.DENY, Decision.HIDE):
        return "stopped"
    if one.decision is Decision.ASK:
        return "asked"
    if one.require or any(not is_check(guard) for guard in one.guards):
        return "by argument"
    return "limited" if one.limits else "free"


def _print_passed(judged: Judged) -> None:
    print("\nDestructive and Financial by label, yet passed without a question by `recommended`:\n")
    for tool, assessment in judged:
        if tool.category in (Category.DESTRUCTIVE, Category.FINANCIAL):
            column = _column(recommend(tool.definition, assessment))
            if column in ("free", "limited"):
                sure = assessment.probabilities[assessment.category]
                print(f"- {tool.definition.name} ({tool.category}): taken for {assessment.category} at {sure:.0%}")


def _print_speed(definitions: Sequence[ToolDefinition]) -> None:
    context = server_context("a server", None, definitions)
    assessments = assess_tools([(definition, context) for definition in definitions])
    best = min(_timed(definitions, assessments) for _ in range(_ROUNDS))
    print(f"\nA policy for {len(definitions)} tools: {best * 1000:.0f} ms, once they are assessed.\n")
    made = strictest(recommend(*pair) for pair in zip(definitions, assessments, strict=True))
    print("| format | ms | losses |\n|---|---:|---|")
    for chosen in FORMATS:
        start = time.process_time()
        rendered = write_policy(chosen, ServerPolicy("server", made))
        spent = time.process_time() - start
        print(f"| {chosen.id} | {spent * 1000:.0f} | {sum_up(rendered.losses)} |")


def _timed(definitions: Sequence[ToolDefinition], assessments: Sequence[Assessment]) -> float:
    start = time.process_time()
    pairs = zip(definitions, assessments, strict=True)
    render_document(build_document(recommend(definition, assessment) for definition, assessment in pairs))
    return time.process_time() - start


if __name__ == "__main__":
    typer.run(main)
