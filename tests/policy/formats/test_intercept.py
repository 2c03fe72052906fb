"""Intercept: no kind of value passes a condition there that ours would stop, and limits count as they are meant."""

from typing import Any

import pytest

from policy.format import Loss
from policy.formats import intercept
from policy.recommendation import Decision, Recommendation, ServerPolicy
from policy.rules import Condition, Guard, Limit
from tests.policy.formats.expected import verdict
from tests.policy.formats.odd_calls import CONDITIONS, odd_calls
from tests.policy.formats.targets.intercept import Intercept


def run(*tools: Recommendation, limits: tuple[Limit, ...] = ()) -> tuple[Intercept, tuple[Loss, ...]]:
    rendered = intercept.render(ServerPolicy("notes", tools, limits=limits))
    return Intercept(rendered.text), rendered.losses


def is_null(condition: Condition, arguments: dict[str, Any]) -> bool:
    return condition.op == "exists" and condition.look_up(arguments) is None


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
@pytest.mark.parametrize("as_guard", [False, True])
def test_nothing_passes_that_the_recommendation_stops(condition: Condition, as_guard: bool) -> None:  # noqa: FBT001
    one = Recommendation("t", Decision.ALLOW, guards=(Guard((condition,)),) if as_guard else ())
    one = one if as_guard else Recommendation("t", Decision.ALLOW, require=(condition,))
    proxy, _ = run(one)
    looser = [call for call in odd_calls() if proxy.call("t", call) and verdict(one, call) != "allow"]
    assert all(is_null(condition, call) for call in looser)


@pytest.mark.parametrize("condition", [one for one in CONDITIONS if one.op in ("lt", "lte", "gt", "gte")], ids=str)
def test_a_number_is_compared_alike(condition: Condition) -> None:
    one = Recommendation("t", Decision.ALLOW, require=(condition,))
    proxy, losses = run(one)
    assert [proxy.call("t", call) for call in odd_calls()] == [
        not losses and verdict(one, call) == "allow" for call in odd_calls()
    ]


def test_a_truth_value_cannot_be_told_from_its_text_so_the_tool_is_denied() -> None:
    _, losses = run(Recommendation("t", Decision.ALLOW, require=(Condition("args.dry_run", "eq", value=True),)))
    assert losses == (Loss("t", "conditions", "deny"),)


def test_a_truth_value_can_be_forbidden() -> None:
    guard = Guard((Condition("args.force", "eq", value=True),), "Not by force.")
    proxy, losses = run(Recommendation("t", Decision.ALLOW, guards=(guard,)))
    assert losses == ()
    assert [proxy.call("t", {"force": force}) for force in (True, False, "true")] == [False, True, False]


def test_a_guard_with_two_conditions_cannot_be_said() -> None:
    guard = Guard((Condition("args.a", "eq", 1), Condition("args.b", "eq", 2)))
    _, losses = run(Recommendation("t", Decision.ALLOW, guards=(guard,)))
    assert losses == (Loss("t", "conditions", "deny"),)


def test_a_guard_without_conditions_always_denies() -> None:
    proxy, _ = run(Recommendation("t", Decision.ALLOW, guards=(Guard(()),)))
    assert not proxy.call("t", {})


def test_calls_are_limited_in_each_window() -> None:
    proxy, losses = run(
        Recommendation("t", Decision.ALLOW, (Limit("t_rate", "minute", 2), Limit("t_more", "minute", 3)))
    )
    assert [proxy.call("t", {}) for _ in range(3)] == [True, True, False]
    assert losses == ()


def test_a_limit_of_none_denies() -> None:
    proxy, _ = run(Recommendation("t", Decision.ALLOW, (Limit("t_rate", "minute", 0),)))
    assert not proxy.call("t", {})


def test_spending_is_limited_and_cannot_be_undone() -> None:
    proxy, losses = run(Recommendation("t", Decision.ALLOW, (Limit("spent", "day", 10, increment_from="args.amount"),)))
    amounts: list[Any] = [6, 6, -6, 0.5, "6", 1e300, 4, 1]
    said = [proxy.call("t", {"amount": amount}) for amount in amounts]
    assert said == [True, False, False, False, False, False, True, False]
    assert not proxy.call("t", {})
    assert losses == ()


def test_all_calls_together_are_limited() -> None:
    tools = (Recommendation("a", Decision.ALLOW), Recommendation("b", Decision.ALLOW))
    proxy, losses = run(*tools, limits=(Limit("all", "minute", 2),))
    assert [proxy.call(tool, {}) for tool in "aba"] == [True, True, False]
    assert not proxy.call("c", {})
    assert losses == ()


@pytest.mark.parametrize("name", ["a.b", "_global"])
def test_a_name_that_no_counter_can_have_loses_its_limits(name: str) -> None:
    proxy, losses = run(Recommendation(name, Decision.ALLOW, (Limit("x", "minute", 1),)))
    assert losses == (Loss(name, "limits", "dropped"),)
    assert proxy.call(name, {})


def test_a_counter_of_two_tools_is_counted_for_each_and_reported() -> None:
    limits = (Limit("both", "minute", 1),)
    proxy, losses = run(Recommendation("a", Decision.ALLOW, limits), Recommendation("b", Decision.ALLOW, limits))
    assert [proxy.call(tool, {}) for tool in "aabb"] == [True, False, True, False]
    assert losses == (Loss("a", "limits", "dropped"), Loss("b", "limits", "dropped"))


def test_a_tool_that_is_named_as_all_tools_stays_denied() -> None:
    star = Recommendation("*", Decision.DENY)
    rendered = intercept.render(ServerPolicy("notes", (star,), Decision.ALLOW, (Limit("all", "minute", 9),)))
    assert not Intercept(rendered.text).call("*", {})
    assert rendered.losses == (Loss("", "default", "deny"), Loss("", "limits", "dropped"))


def test_only_what_cannot_be_told_apart_is_lost() -> None:
    lost = [
        (one.op, one.value)
        for one in CONDITIONS
        if run(Recommendation("t", Decision.ALLOW, require=(one,)))[1] == (Loss("t", "conditions", "deny"),)
    ]
    assert lost == [
        ("eq", True),
        ("eq", False),
        ("eq", None),
        ("eq", ["x"]),
        ("neq", ["x"]),
        ("in", [1, "list", True]),
        ("lte", 2**60),
        ("lte", float("inf")),
        ("contains", 1),
    ]
