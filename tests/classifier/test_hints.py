"""Declared hints beside the verdict: contradictions are findings with both sides, suggestions are whole."""

import pytest

from catalog.records import Assessment, ServerContext, ToolDefinition
from catalog.vocabulary import HINTS, Severity
from classifier.assess import assess_tools
from classifier.hints import RULE_ID, infer_hints, suggest_hints


def assess(name: str, description: str, **hints: bool) -> Assessment:
    definition = ToolDefinition(name, description=description, annotations=hints)
    return assess_tools([(definition, ServerContext("example"))])[0]


@pytest.mark.parametrize(
    ("name", "description", "hints", "severity"),
    [
        ("delete_page", "Deletes a page for good.", {"readOnlyHint": True}, Severity.MEDIUM),
        ("delete_page", "Deletes a page for good.", {"destructiveHint": False}, Severity.MEDIUM),
        ("list_pages", "Lists the pages.", {"destructiveHint": True}, Severity.LOW),
    ],
)
def test_contradiction_is_a_finding_with_both_sides(
    name: str, description: str, hints: dict[str, bool], severity: Severity
) -> None:
    finding = next(one for one in assess(name, description, **hints).findings if one.rule == RULE_ID)
    assert finding.severity is severity
    assert finding.evidence.field.startswith("annotations.")
    assert finding.evidence.quote in {"true", "false"}
    assert description.split(maxsplit=1)[0] in finding.says


def test_agreeing_hints_are_no_finding() -> None:
    assert not assess("list_pages", "Lists the pages.", readOnlyHint=True, destructiveHint=False).findings


def test_contradiction_is_not_called_where_the_verdict_is_unsure() -> None:
    assert not [one for one in assess("xyzzy", "Does it.", readOnlyHint=True).findings if one.rule == RULE_ID]


def test_suggestion_gives_all_four_and_agrees_with_what_is_inferred() -> None:
    for name, description in [
        ("get_page", "Gets a page."),
        ("delete_page", "Deletes a page."),
        ("send_mail", "Sends."),
    ]:
        found = assess(name, description)
        suggested = suggest_hints(found, {name.split("_")[0]})
        assert list(suggested) == list(HINTS)
        inferred = infer_hints(found.category, found.facets)
        assert all(suggested[hint] is value for hint, value in inferred.items() if value is not None)


def test_setting_is_repeatable_and_creating_is_not() -> None:
    found = assess("set_title", "Sets the title.")
    assert suggest_hints(found, {"set"})["idempotentHint"]
    assert not suggest_hints(found, {"create"})["idempotentHint"]
