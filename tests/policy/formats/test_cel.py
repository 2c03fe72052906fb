"""CEL for gateways: no text ends its string early, conditions mean what ours mean, and a route's bounds are kept."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policy.format import Loss
from policy.formats import envoy
from policy.formats._cel import literal
from policy.recommendation import Decision, Recommendation, ServerPolicy
from policy.rules import Condition, Guard
from tests.policy.formats.cel_rule import read_literal
from tests.policy.formats.expected import verdict
from tests.policy.formats.odd_calls import CONDITIONS, odd_calls
from tests.policy.formats.policies import HOSTILE_NAMES
from tests.policy.formats.targets import envoy as target

_LIST = (Condition("args.action", "in", ["list"]),)


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_a_hostile_text_stays_one_string(name: str) -> None:
    assert read_literal(literal(name)) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_in_plain_signs_and_read_back(text: str) -> None:
    written = literal(text)
    assert written.isascii()
    assert written.isprintable()
    assert read_literal(written) == text


@pytest.mark.parametrize("as_guard", [False, True])
@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition_decides_as_ours_does_or_the_tool_is_denied(condition: Condition, as_guard: bool) -> None:  # noqa: FBT001
    guards = (Guard((condition,)),) if as_guard else ()
    one = Recommendation("t", Decision.ALLOW, require=() if as_guard else (condition,), guards=guards)
    rendered = envoy.render(ServerPolicy("notes", (one,)))
    judge = target.load(rendered.text, "notes")
    calls = list(odd_calls())
    said = [judge("t", call) for call in calls]
    if rendered.losses:
        assert rendered.losses == (Loss("t", "conditions", "deny"),)
        assert set(said) == {"deny"}
    else:
        assert said == [verdict(one, call) for call in calls]


def test_rules_say_most_conditions() -> None:
    tools = (Recommendation("t", Decision.ALLOW, require=(one,)) for one in CONDITIONS)
    said = [not envoy.render(ServerPolicy("notes", (tool,))).losses for tool in tools]
    assert sum(said) > len(said) * 0.75


@pytest.mark.parametrize("default", [Decision.ALLOW, Decision.DENY])
def test_more_tools_than_a_route_takes_are_denied_and_told(default: Decision) -> None:
    free = [Recommendation(f"a{at:03}", Decision.ALLOW) for at in range(520)]
    conditional = [Recommendation(f"b{at}", Decision.ALLOW, require=_LIST) for at in range(9)]
    stopped = [Recommendation(f"c{at:03}", Decision.DENY) for at in range(520)]
    rendered = envoy.render(ServerPolicy("notes", (*free, *conditional, *stopped), default))
    rules = yaml.safe_load(rendered.text)["spec"]["securityPolicy"]["authorization"]["rules"]
    judge = target.load(rendered.text, "notes")
    assert len(rules) == 32
    told = {loss.tool for loss in rendered.losses if loss.tool}
    assert told == {"a512", "a513", "a514", "a515", "a516", "a517", "a518", "a519", *(one.tool for one in conditional)}
    assert {judge(tool, {"action": "list"}) for tool in told} == {"deny"}
    assert judge("a000", {}) == "allow"
    assert judge("c519", {}) == "deny"


def test_many_conditional_tools_share_rules() -> None:
    tools = tuple(Recommendation(f"t{at:03}", Decision.ALLOW, require=_LIST) for at in range(100))
    rendered = envoy.render(ServerPolicy("notes", tools))
    judge = target.load(rendered.text, "notes")
    assert rendered.losses == ()
    assert {judge(one.tool, {"action": "list"}) for one in tools} == {"allow"}
    assert {judge(one.tool, {"action": "drop"}) for one in tools} == {"deny"}


def test_an_expression_that_is_too_long_denies_its_tool() -> None:
    long = Recommendation("t", Decision.ALLOW, require=(Condition("args.a", "in", ["x" * 50] * 100),))
    assert envoy.render(ServerPolicy("notes", (long,))).losses == (Loss("t", "conditions", "deny"),)
