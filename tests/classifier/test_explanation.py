"""An explanation adds up: what it lists is what the model summed, and it names what else counted."""

import math

import pytest

from catalog.records import Override, ServerContext, ToolDefinition
from catalog.vocabulary import Category
from classifier.explanation import explain_tool
from classifier.siblings import server_context

PAGE = ToolDefinition("delete_page", description="Deletes a page with all its versions.")


def test_pulls_add_up_to_the_odds_of_the_verdict() -> None:
    found = explain_tool(PAGE, ServerContext("wiki"))
    shares = found.assessment.probabilities
    odds = math.log(shares[found.assessment.category] / shares[found.assessment.second_choice])
    assert found.start + sum(pull.weight for pull in found.pulls) == pytest.approx(odds, abs=0.05)


def test_rules_and_their_words_are_listed() -> None:
    found = explain_tool(PAGE, ServerContext("wiki"))
    assert {"deletes-data"} <= {answer.rule for answer in found.answers}
    assert any(answer.quote.startswith("Deletes a page") for answer in found.answers)


def test_hints_openings_and_missing_text_are_told() -> None:
    hinted = ToolDefinition("x", annotations={"readOnlyHint": False, "destructiveHint": True})
    notes = " ".join(explain_tool(hinted, ServerContext("wiki")).notes)
    assert "readOnlyHint" in notes
    assert "destructiveHint" in notes
    assert "no description" in notes
    tools = [
        ToolDefinition(f"{verb}_page", description=f"Acme page call: {verb} it")
        for verb in ("get", "add", "send", "run")
    ]
    assert any(
        "Acme page call" in note or "acme page call" in note
        for note in explain_tool(tools[0], server_context("acme", None, tools)).notes
    )


def test_override_is_explained() -> None:
    mine = Override("wiki", "delete_page", Category.WRITE, "Versions stay", "R", PAGE.digest())
    assert explain_tool(PAGE, ServerContext("wiki"), mine).assessment.category is Category.WRITE
