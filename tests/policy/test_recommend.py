"""What is recommended: by category, risk, doubt, threat, modes and arguments, in three profiles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import FACET_VALUES, Category, Facet
from policy.conditions import is_check
from policy.document import build_document
from policy.evaluate import Verdict, judge_arguments
from policy.profile import Bounds, Profile
from policy.recommend import recommend
from policy.recommendation import Decision
from tests.policy.assessments import THREAT, assessed, defined

STRICTNESS = [Verdict.ALLOW, Verdict.THROTTLE, Verdict.ASK, Verdict.DENY]
SENDS = {Facet.EGRESS: "third_party"}
QUERIES = {Facet.CODE_EXECUTION: "constrained"}


def verdict(
    definition: ToolDefinition,
    assessment: Assessment,
    arguments: dict[str, Any],
    profile: Profile = Profile.RECOMMENDED,
    bounds: Bounds = Bounds(),  # noqa: B008 - frozen
) -> Verdict:
    document = build_document([recommend(definition, assessment, profile, bounds)])
    return judge_arguments(document, definition.name, arguments).verdict


@pytest.mark.parametrize(
    ("category", "delta", "decisions"),
    [
        (Category.READ, 0, ("allow", "allow", "allow")),
        (Category.READ, 1, ("allow", "allow", "allow")),
        (Category.READ, 2, ("ask", "ask", "allow")),
        (Category.WRITE, 0, ("ask", "allow", "allow")),
        (Category.WRITE, 1, ("ask", "ask", "allow")),
        (Category.EXECUTE, 0, ("ask", "allow", "allow")),
        (Category.EXECUTE, 1, ("hide", "ask", "allow")),
        (Category.DESTRUCTIVE, 0, ("hide", "hide", "ask")),
        (Category.DESTRUCTIVE, -1, ("hide", "ask", "allow")),
        (Category.FINANCIAL, 0, ("hide", "ask", "ask")),
    ],
)
def test_each_profile_decides_by_category_and_risk(
    category: Category, delta: int, decisions: tuple[str, str, str]
) -> None:
    tool = defined("t")
    assert tuple(recommend(tool, assessed(category, delta=delta), one).decision for one in Profile) == decisions


def test_a_tool_that_was_not_analysed_is_denied_in_every_profile() -> None:
    assert {recommend(defined("t"), None, one).decision for one in Profile} == {Decision.DENY}


def test_a_tool_whose_text_works_against_its_reader_is_hidden() -> None:
    one = recommend(defined("t"), assessed(Category.READ, findings=(THREAT,)))
    assert one.decision is Decision.HIDE
    assert any("works against its reader" in reason for reason in one.reasons)


def test_a_stronger_category_that_is_likely_decides_as_far_as_asking() -> None:
    shares = {Category.READ: 0.6, Category.DESTRUCTIVE: 0.4}
    one = recommend(defined("t"), assessed(Category.READ, shares=shares))
    assert one.decision is Decision.ASK
    assert any("40% likely" in reason for reason in one.reasons)


def test_a_little_doubt_decides_nothing() -> None:
    shares = {Category.READ: 0.8, Category.DESTRUCTIVE: 0.2}
    assert recommend(defined("t"), assessed(Category.READ, shares=shares)).decision is Decision.ALLOW


MODES = [("list", Category.READ), ("create", Category.WRITE), ("delete", Category.DESTRUCTIVE), ("odd", None)]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({"action": "list"}, "allow"),
        ({"action": "create"}, "allow"),
        ({"action": "delete"}, "deny"),
        ({"action": "odd"}, "deny"),
        ({"action": "LIST"}, "deny"),
        ({"action": ["list"]}, "deny"),
        ({}, "deny"),
    ],
)
def test_harmless_modes_pass_and_the_harmful_ones_are_stopped(arguments: dict[str, Any], wanted: str) -> None:
    tool = defined("manage", action={"enum": [choice for choice, _ in MODES]})
    assert verdict(tool, assessed(Category.DESTRUCTIVE, modes=MODES), arguments) == wanted


@pytest.mark.parametrize(("action", "wanted"), [("list", "allow"), ("create", "ask"), ("pay", "ask")])
def test_of_a_tool_that_moves_money_only_reading_modes_pass(action: str, wanted: str) -> None:
    modes = [("list", Category.READ), ("create", Category.WRITE), ("pay", Category.FINANCIAL)]
    tool = defined("payments", action="string", amount="number")
    assert verdict(tool, assessed(Category.FINANCIAL, modes=modes), {"action": action}) == wanted


def test_modes_free_nothing_when_the_strongest_effect_is_no_mode() -> None:
    modes = [("list", Category.READ), ("create", Category.WRITE)]
    one = recommend(defined("delete_all", action="string"), assessed(Category.DESTRUCTIVE, modes=modes))
    assert (one.decision, one.require) == (Decision.HIDE, ())


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [({"dry_run": True}, "allow"), ({"dry_run": False}, "deny"), ({"dry_run": "true"}, "deny"), ({}, "deny")],
)
def test_a_rehearsal_passes_where_the_real_thing_is_hidden(arguments: dict[str, Any], wanted: str) -> None:
    tool = defined("delete_index", dry_run="boolean")
    assert verdict(tool, assessed(Category.DESTRUCTIVE), arguments) == wanted
    assert verdict(tool, assessed(Category.DESTRUCTIVE), arguments, Profile.STRICT) == "deny"


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [(100, "ask"), (100.01, "deny"), (0, "ask"), ("5", "deny"), (True, "deny"), (None, "deny"), (float("nan"), "deny")],
)
def test_a_payment_is_asked_for_up_to_the_cap(amount: object, wanted: str) -> None:
    tool = defined("refund", amount="number")
    assert verdict(tool, assessed(Category.FINANCIAL), {"amount": amount}) == wanted


def test_currencies_hold_when_they_are_named() -> None:
    tool, bounds = defined("pay", amount="integer", currency="string"), Bounds(currencies=("EUR",))
    assert verdict(tool, assessed(Category.FINANCIAL), {"amount": 1, "currency": "eur"}, bounds=bounds) == "ask"
    assert verdict(tool, assessed(Category.FINANCIAL), {"amount": 1, "currency": "USD"}, bounds=bounds) == "deny"


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("select * from t", "allow"),
        ("  SELECT\n1 ;", "allow"),
        ("with a as (select 1) select * from a", "allow"),
        ("explain select 1", "allow"),
        ("select 1; drop table t", "deny"),
        ("drop table t", "deny"),
        ("with a as (delete from t returning *) select * from a", "deny"),
        ("WITH a AS (\nDELETE FROM t) SELECT 1", "deny"),
        ("explain analyze delete from t", "deny"),
        ("select * into u from t", "deny"),
        ("select * from t into outfile '/tmp/x'", "deny"),
        ("select * from t for update", "deny"),
        ("selectx", "deny"),
        ("/* */ delete from t", "deny"),
        ("", "deny"),
        (5, "deny"),
    ],
)
def test_only_one_statement_that_reads_passes(statement: object, wanted: str) -> None:
    tool = defined("execute_sql", "Runs SQL.", query="string")
    assert verdict(tool, assessed(Category.EXECUTE, facets=QUERIES), {"query": statement}) == wanted


@pytest.mark.parametrize(
    ("statement", "wanted"), [("insert into t values (1)", "allow"), ("DROP TABLE t", "ask"), ("delete from t", "ask")]
)
def test_a_tool_for_writing_statements_asks_before_what_destroys(statement: str, wanted: str) -> None:
    tool = defined("write_query", "Runs SQL that writes.", query="string")
    assert verdict(tool, assessed(Category.EXECUTE, facets=QUERIES), {"query": statement}) == wanted


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("select * from t", "allow"),
        ("pragma table_info(t);", "allow"),
        ("with a as (select 1) select * from a", "allow"),
        ("DROP TABLE t", "deny"),
        ("select 1; drop table t", "deny"),
        ("with a as (delete from t returning *) select * from a", "deny"),
    ],
)
def test_a_tool_that_says_it_only_reads_is_held_to_it(statement: str, wanted: str) -> None:
    tool = defined("read_query", "Runs a reading SQL statement.", query="string")
    assert verdict(tool, assessed(Category.READ, facets=QUERIES), {"query": statement}) == wanted
    (guard,) = recommend(tool, assessed(Category.READ, facets=QUERIES)).guards
    assert is_check(guard)


def test_a_query_in_another_language_is_not_held_to_sql() -> None:
    tool = defined("search", "Searches pages.", query="string")
    assert not recommend(tool, assessed(Category.READ)).is_conditional


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("notes/a.txt", "allow"),
        ("/srv/files/a.txt", "allow"),
        ("..", "deny"),
        ("a/../../b", "deny"),
        ("a\\..\\b", "deny"),
        ("/etc/passwd", "deny"),
        ("//etc/passwd", "deny"),
        ("/home/me/.ssh/id_rsa", "deny"),
        ("~/.aws/credentials", "deny"),
        ("C:\\Users\\me\\.ssh\\config", "deny"),
        ("app/.env", "deny"),
        ("a..b/c", "allow"),
        (".envelope", "allow"),
    ],
)
def test_paths_may_not_climb_or_reach_keys(path: str, wanted: str) -> None:
    assert (
        verdict(defined("read_file", "Reads a file.", path="string"), assessed(Category.READ), {"path": path}) == wanted
    )


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/srv/files/a", "allow"),
        ("/srv/files", "allow"),
        ("/srv/filesystem/a", "deny"),
        ("/srv/files/../x", "deny"),
        ("a", "deny"),
    ],
)
@pytest.mark.parametrize("profile", [Profile.RECOMMENDED, Profile.PERMISSIVE])
def test_paths_stay_in_the_folder_that_was_named(path: str, wanted: str, profile: Profile) -> None:
    tool, bounds = defined("read_file", "Reads a file.", path="string"), Bounds(folders=("/srv/files/",))
    assert verdict(tool, assessed(Category.READ), {"path": path}, profile, bounds) == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://example.com/a", "allow"),
        ("http://100.1.1.1/", "allow"),
        ("https://127.example.com/", "deny"),
        ("http://localhost:8080", "deny"),
        ("http://LOCALHOST", "deny"),
        ("http://127.0.0.1/", "deny"),
        ("http://user@127.0.0.1/", "deny"),
        ("http://[::1]/", "deny"),
        ("http://2130706433/", "deny"),
        ("http://0x7f.1/", "deny"),
        ("http://169.254.169.254/latest/meta-data", "deny"),
        ("http://10.0.0.1", "deny"),
        ("http://172.16.0.1/", "deny"),
        ("http://172.32.0.1/", "allow"),
        ("http://printer.local/", "deny"),
        ("http:\\\\localhost", "deny"),
        ("file:///etc/passwd", "deny"),
        ("localhost:80", "deny"),
    ],
)
def test_addresses_of_this_network_are_not_fetched(url: str, wanted: str) -> None:
    assert verdict(defined("fetch", "Fetches a page.", url="string"), assessed(Category.READ), {"url": url}) == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://example.com", "allow"),
        ("https://api.example.com:8443/x?y", "allow"),
        ("https://example.com.evil.org/", "deny"),
        ("https://evil.org/?example.com", "deny"),
        ("https://example.com@evil.org/", "deny"),
        ("https://notexample.com/", "deny"),
        ("ftp://example.com/", "deny"),
    ],
)
def test_only_the_hosts_that_were_named_are_reached(url: str, wanted: str) -> None:
    tool, bounds = defined("fetch", "Fetches a page.", url="string"), Bounds(hosts=("example.com",))
    assert verdict(tool, assessed(Category.READ), {"url": url}, bounds=bounds) == wanted


@pytest.mark.parametrize(
    ("to", "wanted"),
    [
        ("ann@example.com", "allow"),
        ("ann@example.com.evil.org", "deny"),
        ("boss@corp.org", "allow"),
        ("x@corp.org", "deny"),
    ],
)
def test_only_recipients_that_were_named_are_sent_to(to: str, wanted: str) -> None:
    tool, bounds = defined("send_mail", to="string"), Bounds(recipients=("@example.com", "boss@corp.org"))
    assert verdict(tool, assessed(Category.WRITE, facets=SENDS), {"to": to}, bounds=bounds) == wanted


def test_a_list_that_no_condition_can_test_is_not_passed() -> None:
    tool, bounds = defined("send_mail", to="array"), Bounds(recipients=("@example.com",))
    assert verdict(tool, assessed(Category.WRITE, facets=SENDS), {"to": ["a@example.com"]}, bounds=bounds) == "deny"


TYPES = st.sampled_from(
    ["string", "number", "boolean", "array", "object", {}, {"enum": ["a"]}, {"type": ["string", "null"]}]
)
PARAMETERS = st.sampled_from(
    [
        "path",
        "url",
        "sql",
        "query",
        "amount",
        "currency",
        "to",
        "dry_run",
        "action",
        "file_name",
        "price_usd",
        "x",
        "a.b",
        "",
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 500),
    st.floats(allow_nan=True),
    st.text(max_size=20),
    st.sampled_from(["list", "delete", "select 1", "drop table t", "../x", "/etc/passwd", "http://localhost/", "EUR"]),
    st.lists(st.text(max_size=5), max_size=2),
)
ASSESSMENTS = st.builds(
    assessed,
    st.sampled_from(Category),
    delta=st.integers(-2, 2),
    facets=st.fixed_dictionaries({facet: st.sampled_from(FACET_VALUES[facet]) for facet in Facet}),
    modes=st.sampled_from([(), MODES, MODES[:2]]),
    shares=st.one_of(st.none(), st.fixed_dictionaries({one: st.floats(0, 1) for one in Category})),
    findings=st.sampled_from([(), (THREAT,)]),
)


@given(
    definition=st.builds(
        lambda name, about, properties: defined(name, about, **properties),
        st.sampled_from(["t", "execute_sql", "write_query", "read_file"]),
        st.sampled_from(["", "Runs SQL on files.", "Fetches a page"]),
        st.dictionaries(PARAMETERS.filter(str.isidentifier), TYPES, max_size=4),
    ),
    assessment=ASSESSMENTS,
    arguments=st.dictionaries(PARAMETERS, VALUES, max_size=4),
    bounds=st.sampled_from([Bounds(), Bounds(5, ("EUR",), ("/srv",), ("example.com",), ("@example.com",))]),
)
def test_a_stricter_profile_never_lets_more_pass(
    definition: ToolDefinition, assessment: Assessment, arguments: dict[str, Any], bounds: Bounds
) -> None:
    found = [verdict(definition, assessment, arguments, profile, bounds) for profile in Profile]
    levels = [STRICTNESS.index(one) for one in found]
    assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize("schema", [None, [], "x", {"properties": []}, {"properties": {"path": 5}, "required": 7}])
def test_a_schema_that_is_none_gives_no_conditions_and_no_fault(schema: Any) -> None:
    one = recommend(ToolDefinition("read_file", input_schema=schema), assessed(Category.READ))
    assert one.decision is Decision.ALLOW
