"""Every rule: registered, described, and right on its own fixtures."""

import json
from pathlib import Path

import pytest

import classifier.rules
from catalog.records import ServerContext, ToolDefinition
from catalog.vocabulary import FACET_VALUES
from classifier.rule import FacetClaim, Rule
from classifier.rules import RULES
from classifier.view import ToolView

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
BY_ID = {rule.id: rule for rule in RULES}
CASES = sorted(path.relative_to(FIXTURES) for path in FIXTURES.glob("*/*/*.json"))


def hears(rule: Rule, fixture: Path) -> list[str]:
    document = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
    definition = ToolDefinition(
        document["name"],
        description=document["description"],
        input_schema=document["inputSchema"],
        annotations=document.get("annotations", {}),
    )
    view = ToolView(definition, ServerContext("example"))
    return [view.quote(mention) for mention in rule.check(view)]


@pytest.mark.parametrize("fixture", CASES, ids=str)
def test_rule_answers_as_its_fixture_says(fixture: Path) -> None:
    rule_id, kind, _case = fixture.parts
    quotes = hears(BY_ID[rule_id], fixture)
    assert bool(quotes) == (kind == "match")
    assert all(quotes)


def test_every_module_is_registered_under_its_own_name() -> None:
    modules = {path.stem.replace("_", "-") for path in Path(classifier.rules.__file__).parent.glob("[!_]*.py")}
    assert modules == set(BY_ID)
    assert [rule.id for rule in RULES] == sorted(BY_ID)


def test_every_rule_has_fixtures_of_both_kinds_and_no_fixture_is_an_orphan() -> None:
    kinds = {(fixture.parts[0], fixture.parts[1]) for fixture in CASES}
    assert kinds == {(rule_id, kind) for rule_id in BY_ID for kind in ("match", "no_match")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_says_in_full_what_it_is_for(rule: Rule) -> None:
    assert rule.question.endswith("?")
    assert rule.rationale.endswith(".")
    assert rule.remediation.endswith(".")
    assert rule.title
    assert rule.title[0].isupper()
    if isinstance(rule.says, FacetClaim):
        assert rule.says.value in FACET_VALUES[rule.says.facet]
