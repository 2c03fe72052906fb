"""The text of docs/policy.md: a part written by hand, the profiles as the code has them, every format by example."""

from pathlib import Path

from catalog.records import ToolDefinition
from catalog.vocabulary import Category
from classifier.assess import assess_tools
from classifier.siblings import server_context
from policy.document import build_document, render_document
from policy.format import Format, sum_up, write_policy
from policy.formats import FORMATS
from policy.profile import PROFILES, Answer, Profile
from policy.recommend import recommend
from policy.recommendation import Recommendation, ServerPolicy, strictest

_CASES = (
    ("risk of the category", "plain"),
    ("raised to High or Critical", "raised"),
    ("lowered", "lowered"),
)
_EXAMPLE = (
    ToolDefinition("list_notes", description="List all notes."),
    ToolDefinition("add_note", description="Create a note.", input_schema={"properties": {"text": {"type": "string"}}}),
    ToolDefinition("delete_note", description="Permanently delete a note."),
    ToolDefinition(
        "manage_tags",
        description="List, add or delete tags.",
        input_schema={"properties": {"action": {"enum": ["list", "add", "delete"]}}, "required": ["action"]},
    ),
    ToolDefinition(
        "pay_invoice",
        description="Pay an invoice from the account's balance.",
        input_schema={"properties": {"amount": {"type": "number"}}, "required": ["amount"]},
    ),
)


def policy_document(by_hand: Path, mark: str) -> str:
    """Give the document's text; `by_hand` holds what no code knows, `mark` says that the rest is generated."""
    made = _recommendations()
    parts = ["# Policies", "", mark, "", by_hand.read_text(encoding="utf-8"), *_profiles(), *_example(made)]
    for chosen in FORMATS:
        parts += _format(chosen, ServerPolicy("notes", made))
    return "\n".join(parts)


def _recommendations() -> tuple[Recommendation, ...]:
    context = server_context("notes", None, _EXAMPLE)
    assessed = assess_tools([(definition, context) for definition in _EXAMPLE])
    return strictest(recommend(*pair) for pair in zip(_EXAMPLE, assessed, strict=True))


def _profiles() -> list[str]:
    rows = ["## Profiles", "", f"| tool | {' | '.join(f'`{profile}`' for profile in Profile)} |", "|---|---|---|---|"]
    for title, case in _CASES:
        for category in Category:
            answers = [getattr(PROFILES[profile], case)[category] for profile in Profile]
            plain = [PROFILES[profile].plain[category] for profile in Profile]
            if case == "plain" or answers != plain:
                rows.append(f"| {category}, {title} | {' | '.join(map(_answer, answers))} |")
    threatened = [PROFILES[profile].threatened for profile in Profile]
    rows.append(f"| text works against its reader | {' | '.join(threatened)} |")
    checks = ["held" if PROFILES[profile].checks_arguments else "as `--allow` says" for profile in Profile]
    rows.append(f"| paths, addresses, statements, amounts | {' | '.join(checks)} |")
    rows.append("| not analysed | deny | deny | deny |")
    return [*rows, ""]


def _answer(answer: Answer) -> str:
    return f"{answer.decision}, {answer.calls} a minute" if answer.calls else str(answer.decision)


def _example(made: tuple[Recommendation, ...]) -> list[str]:
    names = ", ".join(f"`{definition.name}`" for definition in _EXAMPLE)
    intro = f"One server, {names}, called `notes` by its user, in every format. First our own document:"
    return ["## Every format by example", "", intro, "", *_fenced("json", render_document(build_document(made)))]


def _format(chosen: Format, policy: ServerPolicy) -> list[str]:
    rendered = write_policy(chosen, policy)
    state = f"checked against {chosen.checked}" if chosen.checked else "unverified"
    lost = sum_up(rendered.losses) or "nothing"
    lines = [f"### {chosen.title}", "", f"`--format {chosen.id}`, goes into {chosen.file}; {state}. Lost: {lost}.", ""]
    lines += [f"- {note}" for note in chosen.notes] + ([""] if chosen.notes else [])
    return [*lines, *_fenced(chosen.language, rendered.text)]


def _fenced(language: str, text: str) -> list[str]:
    return [f"```{language}", text.rstrip("\n"), "```", ""]
