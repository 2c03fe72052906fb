"""The policy document: the published examples exactly, round trips, hostile names, the schema."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.records import Assessment, FacetValue, ToolDefinition
from catalog.vocabulary import BASE_RISK, FACET_VALUES, Category, Facet
from policy.document import build_document, document_schema, render_document, write_document
from policy.errors import PolicyError
from policy.reading import parse_document
from policy.recommend import recommend
from policy.recommendation import Decision, Recommendation
from policy.rules import Condition, Guard, Limit

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def assessed(category: Category) -> Assessment:
    facets = {facet: FacetValue(FACET_VALUES[facet][0]) for facet in Facet}
    risk = BASE_RISK[category]
    chances = {one: float(one is category) for one in Category}
    return Assessment(category, Category.READ, chances, 1.0, facets, risk, risk, (), (), "")


def recommended(name: str, category: Category | None) -> Recommendation:
    return recommend(ToolDefinition(name), assessed(category) if category else None)


def test_execute_reproduces_the_published_example() -> None:
    text = render_document(build_document([recommended("start_server", Category.EXECUTE)]))
    published = (
        '{"version": "1", "default": "deny", "tools": {"start_server": {"limits": [{"counter": "start_server_rate", '
        '"window": "minute", "max": 10, "scope": "grant"}]}}}'
    )
    assert json.dumps(json.loads(text)) == published


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (Category.READ, {"tools": {"t": {}}}),
        (
            Category.WRITE,
            {"tools": {"t": {"limits": [{"counter": "t_rate", "window": "minute", "max": 30, "scope": "grant"}]}}},
        ),
        (Category.DESTRUCTIVE, {"hide": ["t"], "tools": {}}),
        (
            Category.FINANCIAL,
            {"tools": {"t": {"deny_if": [{"conditions": [], "on_deny": "Requires human approval."}]}}},
        ),
        (None, {"tools": {}}),
    ],
)
def test_each_category_has_its_published_form(category: Category | None, expected: dict[str, object]) -> None:
    document = json.loads(render_document(build_document([recommended("t", category)])))
    assert document == {"version": "1", "default": "deny", **expected}


def test_every_recommendation_gives_its_reasons() -> None:
    assert all(recommended("t", category).reasons for category in (*Category, None))


def test_of_two_recommendations_for_one_name_the_stricter_stands() -> None:
    pair = [recommended("t", Category.DESTRUCTIVE), recommended("t", Category.READ)]
    assert build_document(pair) == build_document(pair[::-1])
    assert build_document(pair).hide == ["t"]


@given(st.dictionaries(NAMES, st.sampled_from([*Category, None]), max_size=8), st.randoms())
def test_document_survives_the_round_trip_in_any_order(tools: dict[str, Category | None], random: object) -> None:
    recommendations = [recommended(name, category) for name, category in tools.items()]
    shuffled = list(recommendations)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    text = render_document(build_document(recommendations))
    assert text == render_document(build_document(shuffled))
    assert render_document(parse_document(text)) == text
    jsonschema.validate(json.loads(text), document_schema())
    hidden = set(json.loads(text).get("hide", []))
    assert hidden == {name for name, category in tools.items() if category is Category.DESTRUCTIVE}


@pytest.mark.parametrize("name", ['a"b', "a\nb", "</script>", "\u202eevil", "😀", "x" * 2_000, "a.b/c d"])
def test_hostile_names_stay_what_they_are(name: str) -> None:
    document = json.loads(render_document(build_document([recommended(name, Category.WRITE)])))
    assert list(document["tools"]) == [name]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the document"),
        ('{"version": "1", "tools": {"x": {"limit": []}}}', "tools.x.limit"),
        ('{"version": "2", "tools": {}}', "version"),
        ('{"version": "1", "tools": []}', "tools"),
    ],
)
def test_a_wrong_document_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        parse_document(text)


def test_published_schema_refuses_an_unknown_key() -> None:
    schema = json.loads((Path(__file__).parents[2] / "policy" / "policy.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate({"version": "1", "default": "deny", "tools": {}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": "1", "default": "deny", "tools": {}, "allow": []}, schema)


def test_decisions_are_ordered_from_free_to_strict() -> None:
    assert list(Decision) == [Decision.ALLOW, Decision.ASK, Decision.DENY, Decision.HIDE]


def test_document_written_without_its_model_is_the_same() -> None:
    made = [recommended(f"{category}_{at}", category) for category in Category for at in range(2)]
    odd = Recommendation(
        "odd “name”",
        Decision.ASK,
        (Limit("odd_rate", "minute", 3), Limit("spent", "day", 100, "user", "args.amount")),
        require=(Condition("args.a", "exists"), Condition("args.b", "in", ["x", 1, True])),
        guards=(Guard((Condition("args.c", "eq", value=False),)), Guard((), "No.")),
    )
    for chosen in ([], made, [*made, odd], [odd]):
        assert write_document(chosen) == render_document(build_document(chosen))
