"""What a document says of calls: precedence, missing and odd arguments, limits at the edges of their windows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.document import PolicyDocument, ToolRules
from policy.evaluate import Call, Evaluator, Ruling, Verdict, judge_arguments
from policy.rules import APPROVAL, Condition, Guard, Limit, Operator, Window

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
DENIES = Guard((Condition("args.x", "eq", 1),), "No.")
ASKS = Guard((), f"{APPROVAL}.")


def document(rules: ToolRules, **more: Any) -> PolicyDocument:
    return PolicyDocument(tools={"t": rules}, **more)


@pytest.mark.parametrize(
    ("made", "tool", "wanted"),
    [
        (document(ToolRules()), "t", Ruling(Verdict.ALLOW, "tools.t")),
        (document(ToolRules()), "u", Ruling(Verdict.DENY, "default", "not listed")),
        (document(ToolRules(), default="allow"), "u", Ruling(Verdict.ALLOW, "default")),
        (document(ToolRules(), hide=["t"]), "t", Ruling(Verdict.DENY, "hide", "hidden")),
        (document(ToolRules(), default="allow", hide=["*"]), "u", Ruling(Verdict.DENY, "hide", "hidden")),
        (document(ToolRules(deny_if=[ASKS])), "t", Ruling(Verdict.ASK, "tools.t.deny_if[0]", f"{APPROVAL}.")),
        (document(ToolRules(deny_if=[ASKS, DENIES])), "t", Ruling(Verdict.DENY, "tools.t.deny_if[1]", "No.")),
        (
            document(ToolRules(), all_tools=ToolRules(deny_if=[DENIES])),
            "t",
            Ruling(Verdict.DENY, "all_tools.deny_if[0]", "No."),
        ),
        (
            document(ToolRules(require=[Condition("args.y", "exists")])),
            "t",
            Ruling(Verdict.DENY, "tools.t.require[0]", "args.y exists"),
        ),
    ],
)
def test_strictest_rule_stands_and_is_named(made: PolicyDocument, tool: str, wanted: Ruling) -> None:
    assert judge_arguments(made, tool, {"x": 1}) == wanted


@pytest.mark.parametrize(
    ("op", "value", "given", "holds"),
    [
        ("eq", 1, 1.0, True),
        ("eq", 1, True, False),
        ("eq", True, 1, False),
        ("eq", "a", "A", False),
        ("eq", [1], [1], True),
        ("neq", 1, 2, True),
        ("in", ["a", 1], "a", True),
        ("in", ["a", 1], True, False),
        ("not_in", ["a"], "b", True),
        ("lt", 5, 4.9, True),
        ("lt", 5, "4", False),
        ("lte", 5, 5, True),
        ("lte", 5, False, False),
        ("lte", 5, float("nan"), False),
        ("gt", 5, 10**400, True),
        ("gte", 5, 5, True),
        ("regex", "^a", "abc", True),
        ("regex", "b", ["b"], False),
        ("regex", "a$", "a\n", False),
        ("regex", "^.$", "\ud800", True),
        ("contains", "b", "abc", True),
        ("contains", "b", ["a", "b"], True),
        ("contains", 1, ["a", 1], True),
        ("contains", "b", {"b": 1}, False),
        ("exists", True, None, True),
        ("exists", False, None, False),
    ],
)
def test_operators_compare_as_json_does(op: Operator, value: Any, given: Any, holds: bool) -> None:  # noqa: FBT001
    assert Condition("args.x", op, value).holds({"x": given}) is holds


@pytest.mark.parametrize(
    ("op", "value"),
    [("eq", 1), ("in", [1]), ("lt", 1), ("lte", 1), ("gt", 1), ("gte", 1), ("regex", ""), ("contains", "")],
)
def test_an_absent_argument_meets_no_test_but_the_negative_ones(op: Operator, value: Any) -> None:
    assert not Condition("args.x.y", op, value).holds({"x": 1})
    assert Condition("args.x.y", "neq", 1).holds({})
    assert Condition("args.x.y", "not_in", [1]).holds({})
    assert Condition("args.x.y", "exists", value=False).holds({"x": {}})


@pytest.mark.parametrize(
    ("window", "edge"), [("minute", timedelta(minutes=1)), ("hour", timedelta(hours=1)), ("day", timedelta(hours=12))]
)
def test_a_limit_counts_anew_when_its_window_begins(window: Window, edge: timedelta) -> None:
    evaluator = Evaluator(document(ToolRules(limits=[Limit("c", window, 2)])))
    last = NOON + edge - timedelta(microseconds=1)
    verdicts = [evaluator.judge(Call("t", {}, at)).verdict for at in (NOON, last, last, NOON + edge)]
    assert verdicts == ["allow", "allow", "throttle", "allow"]


def test_a_spending_cap_counts_the_amount_and_refuses_what_is_none() -> None:
    limits = [Limit("spent", "day", 100, increment_from="args.amount")]
    evaluator = Evaluator(document(ToolRules(limits=limits)))
    amounts = [60, 41, 40, 0, -50, "5", None, True, float("nan"), float("inf"), 1]
    verdicts = [evaluator.judge(Call("t", {"amount": amount}, NOON)).verdict for amount in amounts]
    assert verdicts == [
        "allow",
        "throttle",
        "allow",
        "allow",
        "deny",
        "deny",
        "deny",
        "deny",
        "deny",
        "deny",
        "throttle",
    ]
    assert evaluator.judge(Call("t", {}, NOON)).verdict == "deny"


def test_limits_for_all_tools_count_all_calls() -> None:
    both = PolicyDocument(
        tools={"t": ToolRules(), "u": ToolRules()}, all_tools=ToolRules(limits=[Limit("c", "hour", 2)])
    )
    evaluator = Evaluator(both)
    rulings = [evaluator.judge(Call(tool, {}, NOON)) for tool in ("t", "u", "t")]
    assert [one.verdict for one in rulings] == ["allow", "allow", "throttle"]
    assert rulings[2].rule == "all_tools.limits[0]"


def test_a_denied_call_is_not_counted() -> None:
    evaluator = Evaluator(document(ToolRules(deny_if=[DENIES], limits=[Limit("c", "minute", 1)])))
    verdicts = [evaluator.judge(Call("t", {"x": x}, NOON)).verdict for x in (1, 1, 0)]
    assert verdicts == ["deny", "deny", "allow"]


CONDITIONS = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(["args.a", "args.b.c"]),
        st.sampled_from(["eq", "neq", "contains"]),
        st.sampled_from([1, "a", True, None, 2.5]),
    ),
    st.builds(Condition, st.just("args.a"), st.sampled_from(["in", "not_in"]), st.sampled_from([["a", 1], []])),
    st.builds(Condition, st.just("args.b.c"), st.sampled_from(["lt", "lte", "gt", "gte"]), st.integers(0, 3)),
    st.builds(Condition, st.just("args.a"), st.just("regex"), st.sampled_from(["a", "^b"])),
    st.builds(Condition, st.just("args.b"), st.just("exists"), st.booleans()),
)
GUARDS = st.builds(Guard, st.lists(CONDITIONS, max_size=2).map(tuple), st.sampled_from([None, "No.", APPROVAL]))
LIMITS = st.builds(Limit, st.just("c"), st.just("hour"), st.integers(0, 2))
RULES = st.builds(
    ToolRules,
    require=st.one_of(st.none(), st.lists(CONDITIONS, max_size=2)),
    deny_if=st.one_of(st.none(), st.lists(GUARDS, max_size=3)),
    limits=st.one_of(st.none(), st.lists(LIMITS, max_size=1)),
)
ARGUMENTS = st.dictionaries(
    st.sampled_from(["a", "b"]),
    st.one_of(st.integers(0, 3), st.sampled_from(["a", "b", True, None]), st.just({"c": 1}), st.just(["a"])),
)


@given(rules=RULES, shared=st.one_of(st.none(), RULES), arguments=ARGUMENTS)
def test_a_call_that_a_rule_denies_is_never_allowed(
    rules: ToolRules, shared: ToolRules | None, arguments: dict[str, Any]
) -> None:
    made = document(rules, all_tools=shared)
    verdict = Evaluator(made).judge(Call("t", arguments, NOON)).verdict
    every = [one for one in (rules, shared) if one is not None]
    required = all(condition.holds(arguments) for one in every for condition in one.require or ())
    stopped = any(guard.holds(arguments) and not guard.asks for one in every for guard in one.deny_if or ())
    assert (verdict == "deny") == (not required or stopped)
    if any(guard.holds(arguments) and guard.asks for one in every for guard in one.deny_if or ()):
        assert verdict in ("ask", "deny")


@pytest.mark.parametrize(
    ("path", "op", "value", "says"),
    [
        ("a", "eq", 1, "names no argument"),
        ("args.", "eq", 1, "names no argument"),
        ("args.a", "lt", "5", "compares with a number"),
        ("args.a", "lt", True, "compares with a number"),
        ("args.a", "in", "abc", "compares with a list"),
        ("args.a", "regex", 5, "compares with a text"),
        ("args.a", "regex", "(", "no regular expression: missing"),
        ("args.a", "regex", "(?=a)", "no regular expression: invalid perl operator"),
        ("args.a", "exists", "yes", "compares with true or false"),
    ],
)
def test_a_condition_that_could_never_hold_is_not_made(path: str, op: Operator, value: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Condition(path, op, value)
