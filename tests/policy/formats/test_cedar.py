"""The Cedar formats beyond what every format is held to: literals, and arguments that ToolHive does not show."""

import json
from typing import Any

import cedarpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.format import Loss
from policy.formats import agentcore, toolhive
from policy.formats._cedar import decimal, long, quote
from policy.recommendation import Decision, Recommendation, ServerPolicy
from policy.rules import Condition, Guard
from tests.policy.formats.targets import agentcore as agentcore_target
from tests.policy.formats.targets import toolhive as toolhive_target

CHARS = st.text(st.characters(exclude_categories=["Cs"]))


def allows(when: str) -> bool:
    request = {"principal": 'P::"p"', "action": 'A::"a"', "resource": 'R::"r"', "context": {}}
    result = cedarpy.is_authorized(request, f"permit(principal, action, resource) when {{ {when} }};", [])
    assert not result.diagnostics.errors
    return bool(result.allowed)


def judge(one: Recommendation, arguments: dict[str, Any]) -> str:
    text = toolhive.render(ServerPolicy("notes", (one,))).text
    return toolhive_target.load(text, "notes")(one.tool, arguments)


def tool(*require: Condition, guards: tuple[Guard, ...] = ()) -> Recommendation:
    return Recommendation("tool", Decision.ALLOW, require=require, guards=guards)


@given(CHARS)
def test_a_literal_is_read_as_what_was_written(text: str) -> None:
    written = quote(text)
    assert written.isascii()
    assert written.isprintable()
    read = json.loads(cedarpy.policies_to_json_str(f"permit(principal, action == Action::{written}, resource);"))
    assert read["staticPolicies"]["policy0"]["action"]["entity"]["id"] == text


@given(CHARS.filter(bool), CHARS, CHARS)
def test_what_is_contained_is_found_and_nothing_else(part: str, before: str, other: str) -> None:
    one = tool(Condition("args.text", "contains", part))
    assert judge(one, {"text": f"{before}{part}"}) == "allow"
    assert judge(one, {"text": other}) == ("allow" if part in other else "deny")


@given(st.integers(-(10**14), 10**14), st.sampled_from([1, 2, 4, 5, 8, 10, 16, 10_000]))
def test_a_decimal_has_the_value_of_the_number(number: int, divisor: int) -> None:
    wanted = number / divisor
    written = decimal(wanted)
    if written is not None:
        assert float(written.removeprefix('decimal("').removesuffix('")')) == wanted
        assert allows(f"{written} == {written}")


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 1e300, 0.00001, -1e19, 10**30])
def test_a_number_that_cedar_cannot_hold_is_not_written(number: float) -> None:
    assert decimal(number) is None
    assert long(number) is None


def test_a_number_that_toolhive_does_not_show_does_not_slip_past_a_guard() -> None:
    one = tool(guards=(Guard((Condition("args.amount", "gt", 1000),)),))
    assert judge(one, {"amount": 1000}) == "allow"
    assert judge(one, {"amount": 1001}) == "deny"
    assert judge(one, {"amount": 1e300}) == "deny"


def test_a_list_that_toolhive_does_not_show_does_not_slip_past_a_guard() -> None:
    one = tool(guards=(Guard((Condition("args.tags", "contains", "secret"),)),))
    assert judge(one, {"tags": "open"}) == "allow"
    assert judge(one, {"tags": ["secret"]}) == "deny"


@pytest.mark.parametrize(
    "one",
    [
        tool(Condition("args.token", "exists", value=False)),
        tool(guards=(Guard((Condition("args.token", "exists"),)),)),
        tool(Condition("args.outer.inner", "neq", "x")),
        tool(Condition("args.x_present", "neq", "x")),
        tool(Condition("args.x", "regex", "x")),
        tool(Condition("args.x", "lte", 0.00001)),
        tool(Condition("args.x", "eq", None)),
        tool(Condition("args.x\ud800", "eq", "x")),
    ],
)
def test_what_toolhive_cannot_say_denies_the_tool(one: Recommendation) -> None:
    assert toolhive.render(ServerPolicy("notes", (one,))).losses == (Loss("tool", "conditions", "deny"),)
    assert judge(one, {}) == "deny"


def test_half_a_character_does_not_spoil_the_other_statements() -> None:
    tools = (Recommendation("a", Decision.ALLOW), Recommendation("b\ud800", Decision.DENY))
    for default, losses in (
        (Decision.DENY, (Loss("b\ud800", "name", "deny"),)),
        (Decision.ALLOW, (Loss("", "default", "deny"), Loss("b\ud800", "name", "deny"))),
    ):
        rendered = toolhive.render(ServerPolicy("notes", tools, default))
        assert rendered.losses == losses
        assert toolhive_target.load(rendered.text, "notes")("a", {}) == "allow"


def test_a_statement_longer_than_aws_takes_denies_the_tool() -> None:
    long_list = [f"value {number}" for number in range(2000)]
    tools = (tool(Condition("args.x", "in", long_list)), Recommendation("x" * 10_000, Decision.ALLOW))
    rendered = agentcore.render(ServerPolicy("notes", tools))
    assert rendered.losses == (Loss("tool", "conditions", "deny"), Loss("x" * 10_000, "name", "deny"))
    assert agentcore_target.load(rendered.text, "notes")("tool", {"x": "value 1"}) == "deny"


def test_numbers_are_valid_under_a_gateways_schema() -> None:
    one = tool(Condition("args.whole", "gte", 1), Condition("args.part", "in", [0.5, 1.5]))
    rendered = agentcore.render(ServerPolicy("notes", (one,)))
    part = {"__extn": {"fn": "decimal", "arg": "0.5"}}
    assert agentcore_target.load(rendered.text, "notes")("tool", {"whole": 1, "part": part}) == "allow"
