"""From records to words and rows: addresses, hints, parameters, attacks, charts."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.records import Evidence, FacetValue, Override, RiskMove, ToolDefinition
from catalog.vocabulary import FACET_VALUES, Category, Facet, Risk, Role
from policy.recommendation import Decision, Recommendation
from policy.rules import Limit
from site_builder.charts import stack_risks
from site_builder.hints import compare_hints
from site_builder.judged import judge_server
from site_builder.parameters import list_parameters
from site_builder.server_page import make_server_page
from site_builder.tool_page import make_tool_page
from site_builder.urls import web_link
from site_builder.wording import (
    CATEGORY_CONSEQUENCE,
    CATEGORY_MEANS,
    FACET_LABEL,
    FACET_VALUE,
    RISK_MEANS,
    decision_words,
    evidence_field_words,
    percent,
    share,
)
from tests.site_builder.building import ATTACKS
from tests.site_builder.catalog_factory import make_file_server, make_mail_server, make_shop
from tests.site_builder.record_factory import make_server, make_tool


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("http://example.org", "http://example.org"),
        ("git+https://example.org/a.git", "https://example.org/a.git"),
        ("HTTPS://example.org", "HTTPS://example.org"),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("https://", None),
        ("https://user@example.org", None),
        ("https://example.org/\u202egpj", None),
        ('https://example.org/"onmouseover=x', None),
        ("https://[broken", None),
        ("https://example.org/" + "a" * 600, None),
        ("ssh://example.org/a", None),
        ("", None),
        (None, None),
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None, link: str | None) -> None:
    assert web_link(url) == link


def test_every_term_has_its_words() -> None:
    assert set(CATEGORY_MEANS) == set(CATEGORY_CONSEQUENCE) == set(Category)
    assert set(RISK_MEANS) == set(Risk)
    assert set(FACET_LABEL) == set(Facet)
    for facet, values in FACET_VALUES.items():
        assert tuple(FACET_VALUE[facet]) == values


@pytest.mark.parametrize(
    ("decision", "limits", "words"),
    [
        (Decision.ALLOW, (), "Allow"),
        (Decision.ALLOW, (Limit("a_rate", "minute", 30, "grant"),), "Allow, at most 30 calls a minute"),
        (Decision.ALLOW, (Limit("a_rate", "day", 1, "grant"),), "Allow, at most 1 call a day"),
        (Decision.ASK, (), "Ask a person each time"),
        (Decision.DENY, (), "Deny"),
        (Decision.HIDE, (), "Hide from the agent"),
    ],
)
def test_recommendation_is_said_with_its_limits(decision: Decision, limits: tuple[Limit, ...], words: str) -> None:
    assert decision_words(Recommendation("a", decision, limits, ())) == words


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("description", "the description"),
        ("annotations.readOnlyHint", "the declared readOnlyHint"),
        ("inputSchema.properties.sql.description", "the description of the parameter sql"),
        ("inputSchema.properties.description", "the parameter description"),
        ("inputSchema.properties.a.properties.b.enum", "the enum of the parameter a.b"),
    ],
)
def test_field_of_a_quote_is_said_in_words(field: str, words: str) -> None:
    assert evidence_field_words(Evidence(field, "", "", 0, 0, "")) == words


def test_percentages_never_claim_certainty() -> None:
    assert percent(1.0).startswith("more than 99")
    assert percent(0.0).startswith("less than 1")
    assert percent(0.934) == "93\N{NO-BREAK SPACE}%"
    assert share(4, 4) == "100\N{NO-BREAK SPACE}%"
    assert share(1, 1_000).startswith("<")
    assert share(0, 0) == "0\N{NO-BREAK SPACE}%"


def hints_of(slug: str) -> dict[str, tuple[str, str, str]]:
    servers = (make_mail_server(), make_file_server())
    tool = next(tool for server in servers for tool in server.tools if tool.slug == slug)
    compared = compare_hints(tool.definition, tool.assessment)
    return {hint.name: (hint.declared, hint.inferred, hint.agreement) for hint in compared}


def test_declared_hint_that_the_verdict_denies_contradicts() -> None:
    assert hints_of("send_mail")["readOnlyHint"] == ("true", "false", "Contradicts")
    assert hints_of("delete_file")["destructiveHint"] == ("false", "true", "Contradicts")


def test_hint_that_cannot_be_inferred_is_left_open() -> None:
    assert hints_of("write_file")["destructiveHint"] == ("true", "open", "Cannot be compared")
    assert hints_of("send_mail")["idempotentHint"] == ("not declared", "open", "Not declared")


def test_hint_that_is_no_truth_value_is_not_compared() -> None:
    definition = ToolDefinition("odd", annotations={"readOnlyHint": "true", "destructiveHint": [[]]})
    agreements = [hint.agreement for hint in compare_hints(definition, make_mail_server().tools[0].assessment)]
    assert agreements[:2] == ["Cannot be compared", "Cannot be compared"]


def test_parameters_are_told_with_type_need_and_bounds() -> None:
    schema = {
        "properties": {
            "to": {"type": "array", "items": {"type": "string"}, "description": "Who."},
            "mode": {"enum": ["a", None, 3, True], "default": "a"},
            "size": {"type": ["integer", "null"], "minimum": 1},
            "nested": {"type": "object", "properties": {"x": {}, "y": {}}},
            "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "fixed": {"const": {"deep": []}},
        },
        "required": ["to", 7],
    }
    rows, more = list_parameters(schema)
    told = {row.name: (row.kind, row.required, row.constraints) for row in rows}
    assert more == 0
    assert told == {
        "to": ("array of string", True, ()),
        "mode": ("one of a list", False, ("one of: a, null, 3, true", "default: a")),
        "size": ("integer or null", False, ("minimum: 1",)),
        "nested": ("object (2 fields)", False, ()),
        "either": ("string or null", False, ()),
        "fixed": ("any", False, ("always a structure",)),
    }


def test_more_parameters_than_a_page_holds_are_counted() -> None:
    rows, more = list_parameters({"properties": {f"p{number}": {} for number in range(1_000)}})
    assert (len(rows), more) == (60, 940)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["properties", "type", "items", "enum", "anyOf", "required", "default", "description", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_schema_gives_rows(schema: Any) -> None:
    rows, more = list_parameters(schema)
    assert more == 0
    assert all(isinstance(row.kind, str) and row.kind for row in rows)


def matched(slug: str) -> dict[str, tuple[str, ...]]:
    servers = (make_mail_server(), make_file_server(), make_shop())
    tool = next(tool for server in servers for tool in server.tools if tool.slug == slug)
    assert tool.assessment is not None
    return {found.attack.id: found.says for found in ATTACKS.match(tool, tool.assessment)}


@pytest.mark.parametrize("slug", ["send_mail", "delete_file", "run_command", "place_order", "read_file", "delete_mail"])
def test_attacks_beside_a_tool_abused_its_category_and_access(slug: str) -> None:
    servers = (make_mail_server(), make_file_server(), make_shop())
    tool = next(tool for server in servers for tool in server.tools if tool.slug == slug)
    assert tool.assessment is not None
    found = ATTACKS.match(tool, tool.assessment)
    assert 1 <= len(found) <= 3
    for one in found:
        assert tool.assessment.category in one.attack.categories
        assert one.says


def test_attacks_tell_what_they_share_with_the_tool() -> None:
    assert any("sends mail" in says for says in matched("send_mail").values())
    assert any("moves money" in says for says in matched("place_order").values())
    assert not any("writes files" in says for says in matched("send_mail").values())


def test_price_reader_has_no_attacks_beside_it() -> None:
    assert matched("get_price") == {}


def test_attack_list_is_newest_first_and_whole() -> None:
    dates = [attack.date for attack in ATTACKS.attacks]
    assert len(dates) == 50
    assert dates == sorted(dates, reverse=True)
    assert all(web_link(ref) for attack in ATTACKS.attacks for ref in attack.refs)


def test_bar_is_as_wide_as_its_scale_and_says_its_numbers() -> None:
    bar = stack_risks({Risk.LOW: 990, Risk.CRITICAL: 1, None: 9})
    assert [part.kind for part in bar.segments] == ["critical", "low", "unknown"]
    last = bar.segments[-1]
    assert float(last.start) + float(last.width) == pytest.approx(100, abs=0.02)
    assert all(float(part.width) > 0.5 for part in bar.segments)
    assert bar.says == "Of 1,000 tools: 1 Critical, 990 Low, 9 Not analysed."


def steps_of(category: Category, risk: Risk, *moves: RiskMove) -> list[tuple[str, str]]:
    tool = make_tool("any", "Any words.", category, "Any words")
    assert tool.assessment is not None
    tool = replace(tool, assessment=replace(tool.assessment, risk=risk, moves=moves))
    judged = judge_server(make_server("any", [tool]))
    verdict = make_tool_page(judged, judged.tools[0], ATTACKS, "").verdict
    assert verdict is not None
    return [(step.badge.label, step.reason) for step in verdict.steps]


def test_risk_steps_lead_from_the_base_to_the_risk() -> None:
    assert steps_of(Category.READ, Risk.HIGH, RiskMove(2, "credentials")) == [
        ("Low", "The base risk of Read"),
        ("High", "credentials (+2)"),
    ]


def test_risk_that_a_limit_held_is_shown_last() -> None:
    steps = steps_of(Category.EXECUTE, Risk.MEDIUM, RiskMove(-1, "simulated"), RiskMove(-1, "again"))
    assert steps[-1] == ("Medium", "The limit for Execute")


def test_facet_without_evidence_is_shown_without_quote() -> None:
    tool = make_tool("any", "Any words.", Category.READ, "Any words")
    assert tool.assessment is not None
    facets = {**tool.assessment.facets, Facet.EGRESS: FacetValue("arbitrary")}
    tool = replace(tool, assessment=replace(tool.assessment, facets=facets))
    judged = judge_server(make_server("any", [tool]))
    verdict = make_tool_page(judged, judged.tools[0], ATTACKS, "").verdict
    assert verdict is not None
    egress = next(row for row in verdict.facets if row.question == FACET_LABEL[Facet.EGRESS])
    assert (egress.answer, egress.notable, egress.quote) == ("Yes, to any recipient or address", True, "")


def test_facet_that_was_not_judged_is_left_out() -> None:
    tool = make_tool("any", "Any words.", Category.READ, "Any words")
    assert tool.assessment is not None
    tool = replace(tool, assessment=replace(tool.assessment, facets={}))
    judged = judge_server(make_server("any", [tool]))
    page = make_tool_page(judged, judged.tools[0], ATTACKS, "")
    assert page.verdict is not None
    assert page.verdict.facets == ()
    assert [one.answer for one in page.questions if "undone" in one.asks] == ["The definition does not say."]


def test_reviewed_verdict_is_shown_as_such() -> None:
    tool = make_tool("any", "Any words.", Category.WRITE, "Any words")
    assert tool.assessment is not None
    mine = Override("any", "any", Category.WRITE, "It can be undone", "R. Viewer", tool.definition.digest())
    tool = replace(tool, assessment=replace(tool.assessment, override=mine, confidence=1.0))
    judged = judge_server(make_server("any", [tool]))
    page = make_tool_page(judged, judged.tools[0], ATTACKS, "")
    assert page.verdict is not None
    assert page.verdict.confidence == "Reviewed"
    assert page.verdict.reviewer == "R. Viewer"
    assert any("R. Viewer" in one.answer for one in page.questions)


def test_related_tools_beyond_the_shown_ones_are_counted() -> None:
    tools = [make_tool(f"read_{number}", "Read it.", Category.READ, "Read it") for number in range(12)]
    judged = judge_server(make_server("any", tools))
    page = make_tool_page(judged, judged.tools[-1], ATTACKS, "")
    assert len(page.related) == 8
    assert page.related_more is not None
    assert "3 more like this" in page.related_more.label


def test_related_tools_have_the_same_effect_and_leave_out_the_tool_itself() -> None:
    judged = judge_server(make_file_server())
    reader = next(one for one in judged.tools if one.tool.slug == "read_file")
    page = make_tool_page(judged, reader, ATTACKS, "")
    assert [row.name for row in page.related] == ["list_directory", "search_files"]


def test_a_server_page_names_the_role_of_a_gateway_and_is_silent_on_a_plain_server() -> None:
    def role_shown(role: Role) -> list[str]:
        page = make_server_page(judge_server(make_server("relay", role=role)), "")
        return [fact.value for fact in page.facts if fact.label == "Role"]

    assert role_shown(Role.SERVER) == []
    (words,) = role_shown(Role.GATEWAY)
    assert words.startswith("Gateway")
