"""What the recommended policies let pass, on tools whose classifier never saw their server; and how fast they are made.

The truth is our labels (data/labels) joined with a folder of `tools/list` answers; see docs/benchmarks.md.

    python benchmarks/policies.py TRUTH [--write docs/benchmarks.md] [--ratios FILE]
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.documents import replace_between
from benchmarks.ratios import RatiosFile, tell_ratios
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
_BEGIN, _END = "<!-- policies tables -->", "<!-- end of policies tables -->"
_COLUMNS = ("free", "limited", "by argument", "asked", "stopped")

Judged = Sequence[tuple[LabelledTool, Assessment]]


def main(
    truth: Annotated[Path, typer.Argument(help="A folder of tools/list answers that name registry and package.")],
    write: Annotated[Path | None, typer.Option(help="Put the tables of the profiles into this document.")] = None,
    ratios: RatiosFile = None,
) -> None:
    """Measure and print Markdown."""
    definitions = read_definitions(truth)
    folder = read_settings().data / "labels"
    judged = assess_out_of_fold(folder / "labels.csv", folder / "authored.jsonl", definitions)
    tables = "\n\n".join(_table(judged, profile) for profile in Profile)
    print(tables)
    if write is not None:
        replace_between(write, _BEGIN, _END, tables)
    _print_passed(judged)
    share = _print_speed(list(definitions.values())[:_TOOLS])
    tell_ratios(ratios, {"policies: formats": share})


def _table(judged: Judged, profile: Profile) -> str:
    rows = [f"`{profile}`, {len(judged)} labelled tools:", "", f"| label | tools | {' | '.join(_COLUMNS)} |"]
    rows.append(f"|---|{'---:|' * (len(_COLUMNS) + 1)}")
    return "\n".join([*rows, *(f"| {' | '.join(map(str, row))} |" for row in _rows(judged, profile))])


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


def _print_speed(definitions: Sequence[ToolDefinition]) -> float:
    """Print what each format costs; give their mean as a share of `json.dumps` of the policy that all of them say."""
    context = server_context("a server", None, definitions)
    assessments = assess_tools([(definition, context) for definition in definitions])
    best = _best_of(lambda: _write_document(definitions, assessments))
    print(f"\nA policy for {len(definitions)} tools: {best * 1000:.0f} ms, once they are assessed.\n")
    made = strictest(recommend(*pair) for pair in zip(definitions, assessments, strict=True))
    policy = ServerPolicy("server", made)
    print("| format | ms | losses |\n|---|---:|---|")
    total = 0.0
    for chosen in FORMATS:
        spent = _best_of(partial(write_policy, chosen, policy))
        total += spent
        print(f"| {chosen.id} | {spent * 1000:.0f} | {sum_up(write_policy(chosen, policy).losses)} |")
    document = build_document(made).model_dump(mode="json", exclude_none=True)
    plain = _best_of(lambda: json.dumps(document, indent=2))
    print(f"\nThe mean of the formats takes {total / len(FORMATS) / plain:.1f} times `json.dumps` of our document.")
    return plain * len(FORMATS) / total


def _best_of(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def _write_document(definitions: Sequence[ToolDefinition], assessments: Sequence[Assessment]) -> None:
    pairs = zip(definitions, assessments, strict=True)
    render_document(build_document(recommend(definition, assessment) for definition, assessment in pairs))


if __name__ == "__main__":
    typer.run(main)
