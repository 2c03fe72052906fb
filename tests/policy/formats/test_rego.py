"""The Rego module beyond what every format is held to: limits, odd inputs, literals."""

import json
from typing import Any

import pytest
import regorus
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import PolicyError
from policy.format import Loss
from policy.formats import rego
from policy.formats._rego import to_literal
from policy.recommendation import Decision, Recommendation, ServerPolicy
from policy.rules import APPROVAL, Condition, Guard, Limit

RATE = Limit("add_rate", "minute", 30)
SPENT = Limit("spent", "day", 1000, increment_from="args.order.amount")
ALL = Limit("all_rate", "minute", 60)
TOOLS = (
    Recommendation("add", Decision.ALLOW, (RATE,)),
    Recommendation("ask", Decision.ASK, (Limit("ask_rate", "hour", 5),)),
    Recommendation("pay", Decision.ALLOW, (SPENT,)),
    Recommendation("read", Decision.ALLOW),
)


def decide(policy: ServerPolicy | str, **given: Any) -> Any:
    engine = regorus.Engine()
    engine.add_policy("toolrisk.rego", policy if isinstance(policy, str) else rego.render(policy).text)
    engine.set_input_json(json.dumps(given))
    return engine.eval_rule("data.toolrisk.decision")


LIMITED = ServerPolicy("notes", TOOLS, limits=(ALL,))


@pytest.mark.parametrize(
    ("tool", "arguments", "counts", "said"),
    [
        ("add", {}, {}, "allow"),
        ("add", {}, {"add_rate": 29}, "allow"),
        ("add", {}, {"add_rate": 30}, "throttle"),
        ("add", {}, {"add_rate": "30"}, "deny"),
        ("add", {}, [], "deny"),
        ("add", {}, None, "allow"),
        ("read", {}, {"add_rate": 30}, "allow"),
        ("read", {}, {"all_rate": 60}, "throttle"),
        ("ask", {}, {"ask_rate": 5}, "ask"),
        ("pay", {"order": {"amount": 100}}, {"spent": 900}, "allow"),
        ("pay", {"order": {"amount": 100.5}}, {"spent": 900}, "throttle"),
        ("pay", {"order": {"amount": -1}}, {}, "deny"),
        ("pay", {"order": {"amount": "1"}}, {}, "deny"),
        ("pay", {}, {}, "deny"),
        ("pay", {}, None, "allow"),
    ],
)
def test_limits_are_held_where_the_caller_counts(tool: str, arguments: Any, counts: Any, said: str) -> None:
    assert decide(LIMITED, tool=tool, arguments=arguments, counts=counts) == said


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"tool": None},
        {"tool": ["read"]},
        {"tool": ["read", "decision"]},
        {"tool": {"read": 1}},
        {"tool": "read", "arguments": []},
        {"tool": "read", "arguments": "x"},
        {"tool": "read", "server": "other"},
    ],
)
def test_an_odd_input_is_denied_whatever_the_default(given: dict[str, Any]) -> None:
    assert decide(ServerPolicy("notes", TOOLS), **given) == "deny"
    assert decide(ServerPolicy("notes", TOOLS, Decision.ALLOW), **given) == "deny"


def test_a_call_without_arguments_or_server_is_judged_all_the_same() -> None:
    assert decide(LIMITED, tool="read") == "allow"


@pytest.mark.parametrize("on_deny", ["Odd.", f"{APPROVAL}: odd."])
def test_a_pattern_that_the_engine_cannot_read_stops_the_call(on_deny: str) -> None:
    guard = Guard((Condition("args.path", "regex", "readable"),), on_deny)
    text = rego.render(ServerPolicy("notes", (Recommendation("read", Decision.ALLOW, guards=(guard,)),))).text
    call = {"tool": "read", "arguments": {"path": "x"}}
    assert decide(text, **call) == "allow"
    assert decide(text.replace('"readable"', '"(?=x)"'), **call) == "deny"


def test_a_number_that_json_cannot_hold_is_refused_in_one_line() -> None:
    one = Recommendation("read", Decision.ALLOW, require=(Condition("args.x", "lte", float("inf")),))
    with pytest.raises(PolicyError, match="a number that JSON cannot hold"):
        rego.render(ServerPolicy("notes", (one,)))


def test_a_name_that_is_no_text_is_denied_as_the_engine_sees_it() -> None:
    policy = ServerPolicy("notes", (Recommendation("a\ud800", Decision.ALLOW),), Decision.ALLOW)
    assert rego.render(policy).losses == (Loss("a\ud800", "name", "deny"),)
    assert decide(policy, tool="a\ufffd") == "deny"
    assert decide(policy, tool="b") == "allow"


SHORT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    SHORT | st.booleans() | st.integers(-999, 999) | st.none(),
    lambda one: st.lists(one) | st.dictionaries(SHORT, one),
    max_leaves=5,
)


@given(VALUES)
def test_a_literal_is_read_as_what_was_written(value: Any) -> None:
    engine = regorus.Engine()
    engine.add_policy("m.rego", f"package m\n\nimport rego.v1\n\nvalue := {to_literal([value])}\n")
    assert json.loads(engine.eval_rule_as_json("data.m.value")) == [value]
