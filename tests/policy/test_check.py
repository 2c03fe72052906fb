"""Checking policies: rules that never fire, names that are not there, tools left out, and what differs."""

import pytest

from catalog.vocabulary import Category, Facet
from policy.check import check_document
from policy.comparison import compare
from policy.document import PolicyDocument, read_rules
from policy.effects import find_weaknesses
from policy.reading import parse_document
from policy.recommend import recommend
from policy.recommendation import Decision, Recommendation, ServerPolicy
from policy.rules import Condition, Guard, Limit
from tests.policy.assessments import assessed, defined

TOOLS = [defined("read_note", path="string", mode={"enum": ["a", "b"]}), defined("delete_note"), defined("list_notes")]


def remarks(text: str, *, beside: bool = False) -> list[str]:
    found = check_document(parse_document(text), TOOLS if beside else None)
    return [f"{one.level}: {one.place}: {one.says}" for one in found]


def rule(text: str) -> str:
    return f'{{"tools": {{"t": {{{text}}}}}}}'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"hide": ["t", "t"], "tools": {}}', "warning: hide[1]: t is hidden twice"),
        ('{"hide": ["t"], "tools": {"t": {}}}', "warning: tools.t: can never fire: the tool is hidden"),
        ('{"hide": ["*"], "tools": {"t": {}}}', "warning: tools: can never fire: `hide` hides every tool"),
        ('{"default": "allow", "tools": {"t": {}}}', "note: tools.t: says nothing: the default allows it"),
        (
            rule('"require": [{"path": "args.a", "op": "eq", "value": 1}, {"path": "args.a", "op": "eq", "value": 2}]'),
            "error: tools.t.require: denies every call: no value of args.a meets all of its conditions",
        ),
        (
            rule('"require": [{"path": "args.a.b", "op": "in", "value": ["x"]},'
                 '{"path": "args.a.b", "op": "neq", "value": "x"}]'),
            "error: tools.t.require: denies every call: no value of args.a.b meets all of its conditions",
        ),
        (
            rule('"deny_if": [{"conditions": [{"path": "args.a", "op": "gt", "value": 5},'
                 '{"path": "args.a", "op": "lt", "value": 3}]}]'),
            "warning: tools.t.deny_if[0]: can never fire: args.a cannot be above 5 and below 3",
        ),
        (
            rule('"deny_if": [{"conditions": [{"path": "args.a", "op": "exists", "value": false},'
                 '{"path": "args.a", "op": "lt", "value": 3}]}]'),
            "warning: tools.t.deny_if[0]: can never fire: args.a cannot be absent and have a value",
        ),
        (
            rule('"deny_if": [{"conditions": []}, {"conditions": [{"path": "args.a", "op": "exists"}]}]'),
            "warning: tools.t.deny_if[1]: can never fire: tools.t.deny_if[0] denies every call",
        ),
        (
            rule('"limits": [{"counter": "c", "window": "day", "max": 0}]'),
            "warning: tools.t.limits[0]: lets no call pass; leave the tool out or hide it",
        ),
        (
            rule('"limits": [{"counter": "c", "window": "day", "max": 1},'
                 '{"counter": "c", "window": "hour", "max": 1}]'),
            "warning: limits: c is counted by the day and by the hour",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_do_what_it_says_is_told(text: str, says: str) -> None:
    assert says in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        rule('"require": [{"path": "args.a", "op": "gte", "value": 3}, {"path": "args.a", "op": "lte", "value": 3}]'),
        rule('"deny_if": [{"conditions": [], "on_deny": "Requires human approval."}, {"conditions": '
             '[{"path": "args.a", "op": "exists"}]}]'),
        rule('"require": [{"path": "args.a", "op": "in", "value": [1, 2]},'
             '{"path": "args.a", "op": "gt", "value": 1}]'),
        rule('"limits": [{"counter": "c", "window": "day", "max": 1}]'),
    ],
)  # fmt: skip
def test_a_rule_that_does_what_it_says_is_left_alone(text: str) -> None:
    assert not remarks(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '{"tools": {"read_notes": {}}}',
            "error: tools.read_notes: the server has no tool read_notes; did you mean read_note?",
        ),
        ('{"hide": ["zzz"], "tools": {}}', "error: hide[0]: the server has no tool zzz"),
        ('{"tools": {}}', "note: default: list_notes is not covered, so it is denied"),
        ('{"default": "allow", "tools": {}}', "warning: default: delete_note is not covered, so it may be called"),
        (
            '{"tools": {"read_note": {"require": [{"path": "args.paht", "op": "exists"}]}}}',
            (
                "warning: tools.read_note.require[0]: the tool's schema has no argument paht, so this denies every "
                "call; did you mean path?"
            ),
        ),
        (
            (
                '{"tools": {"read_note": {"deny_if": [{"conditions": '
                '[{"path": "args.mode", "op": "eq", "value": "c"}]}]}}}'
            ),
            "warning: tools.read_note.deny_if[0].conditions[0]: mode is never 'c' by the tool's schema",
        ),
    ],
)  # fmt: skip
def test_beside_its_server_a_policy_is_checked_name_by_name(text: str, says: str) -> None:
    assert says in remarks(text, beside=True)


def policy_of(*tools: Recommendation) -> ServerPolicy:
    return ServerPolicy("s", tools)


LIMITED = (Limit("c", "day", 5),)
CAPPED = (Condition("args.a", "lte", 5),)


@pytest.mark.parametrize(
    ("before", "after", "looser"),
    [
        (Recommendation("t", Decision.DENY), Recommendation("t", Decision.ALLOW), True),
        (Recommendation("t", Decision.ALLOW), Recommendation("t", Decision.ASK), False),
        (Recommendation("t", Decision.ASK, require=CAPPED), Recommendation("t", Decision.HIDE), False),
        (Recommendation("t", Decision.ALLOW, require=CAPPED), Recommendation("t", Decision.ASK), None),
        (Recommendation("t", Decision.ALLOW, LIMITED), Recommendation("t", Decision.ALLOW), True),
        (Recommendation("t", Decision.ALLOW), Recommendation("t", Decision.ALLOW, require=CAPPED), False),
        (Recommendation("t", Decision.ALLOW, LIMITED), Recommendation("t", Decision.ALLOW, require=CAPPED), None),
        (Recommendation("t", Decision.ALLOW), Recommendation("t", Decision.ALLOW, guards=(Guard(CAPPED),)), False),
    ],
)
def test_a_difference_tells_whether_more_may_pass(
    before: Recommendation,
    after: Recommendation,
    looser: bool | None,  # noqa: FBT001
) -> None:
    (difference,) = compare(policy_of(before), policy_of(after))
    assert difference.is_looser is looser


def test_equal_policies_differ_in_nothing_whatever_their_order() -> None:
    one = Recommendation("t", Decision.ALLOW, require=(*CAPPED, Condition("args.b", "exists")))
    other = Recommendation("t", Decision.ALLOW, require=(Condition("args.b", "exists"), *CAPPED))
    assert compare(policy_of(one), policy_of(other)) == []


def test_another_default_is_a_difference_of_its_own() -> None:
    allowing = read_rules(PolicyDocument(default="allow", tools={}), "s", [])
    (difference,) = compare(policy_of(), allowing)
    assert (difference.tool, difference.is_looser) == ("default", True)


QUERIES = {Facet.CODE_EXECUTION: "constrained"}
SQL = [
    (defined("execute_sql", "Runs SQL.", sql="string"), assessed(Category.EXECUTE, facets=QUERIES)),
    (defined("run_query", "Runs SQL.", query="string"), assessed(Category.EXECUTE, facets=QUERIES)),
    (defined("list_tables"), assessed(Category.READ)),
]


def test_a_stop_before_one_tool_is_weak_while_another_reaches_the_same() -> None:
    rules = [Recommendation("execute_sql", Decision.DENY), Recommendation("run_query", Decision.ALLOW)]
    assert [one.says for one in find_weaknesses(SQL, rules)] == [
        "execute_sql is stopped, but run_query also runs database statements"
    ]


def test_a_policy_that_stops_all_ways_to_an_effect_is_not_weak() -> None:
    assert find_weaknesses(SQL, [recommend(*pair) for pair in SQL]) == []
    assert find_weaknesses(SQL, [Recommendation("execute_sql", Decision.DENY)]) == []


def test_whoever_may_run_any_code_may_do_what_the_others_do() -> None:
    shell = (defined("shell"), assessed(Category.EXECUTE, facets={Facet.CODE_EXECUTION: "arbitrary"}))
    delete = (defined("delete_note"), assessed(Category.DESTRUCTIVE))
    rules = [Recommendation("shell", Decision.ALLOW), Recommendation("delete_note", Decision.HIDE)]
    assert [one.effect for one in find_weaknesses([shell, delete], rules)] == [
        "runs any code, and so whatever the others do"
    ]
