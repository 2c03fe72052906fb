"""Every format: its text parses, covers every tool, and its target says what was recommended or what was reported."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import PolicyError
from policy.format import Format, sum_up
from policy.formats import FORMATS
from policy.recommendation import Decision, Recommendation, ServerPolicy, strictest
from tests.policy.formats.expected import calls, expected, is_owed
from tests.policy.formats.policies import POLICIES
from tests.policy.formats.target import load_target

FOLDER = Path(__file__).parents[3] / "policy" / "formats"
BY_ID = {one.id: one for one in FORMATS}
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def check(chosen: Format, policy: ServerPolicy) -> None:
    rendered = chosen.render(policy)
    judge = load_target(chosen, rendered.text, policy.server)
    wrong = [
        (one.tool, arguments, expected(one, rendered.losses, arguments), said)
        for one in policy.tools
        for arguments in calls(one)
        if not is_owed(one, rendered.losses, arguments, said := judge(one.tool, arguments))
    ]
    assert not wrong
    assert rendered.losses == tuple(sorted(rendered.losses, key=lambda loss: loss.tool))
    other = "a tool that nobody listed"
    told = [loss.got for loss in rendered.losses if loss.wanted == "default"]
    assert judge(other, {}) == (told[0] if told else policy.default)


def refusal(chosen: Format, policy: ServerPolicy) -> str:
    try:
        chosen.render(policy)
    except PolicyError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("chosen", FORMATS, ids=BY_ID)
def test_target_says_what_was_recommended_or_reported(chosen: Format, name: str) -> None:
    check(chosen, POLICIES[name])


@pytest.mark.parametrize(
    "server", ["notes", "my notes", "my_notes", 'a"b', "a\nb", "a.b", "a*", "a__b", "\u202ex", "é"]
)
@pytest.mark.parametrize("chosen", FORMATS, ids=BY_ID)
def test_a_servers_name_cannot_break_out(chosen: Format, server: str) -> None:
    policy = ServerPolicy(server, POLICIES["plain"].tools)
    said = refusal(chosen, policy)
    assert said.isprintable()  # one clear line, whatever the name holds
    if not said:
        check(chosen, policy)


@pytest.mark.parametrize("chosen", FORMATS, ids=BY_ID)
@given(tools=st.dictionaries(NAMES, st.sampled_from(Decision), max_size=6))
def test_no_name_changes_a_verdict(chosen: Format, tools: dict[str, Decision]) -> None:
    made = strictest(Recommendation(name, decision) for name, decision in tools.items())
    check(chosen, ServerPolicy("notes", made))


@pytest.mark.parametrize("chosen", FORMATS, ids=BY_ID)
def test_a_tool_that_is_stopped_is_never_allowed_in_silence(chosen: Format) -> None:
    for policy in POLICIES.values():
        for loss in chosen.render(policy).losses:
            assert loss.got != "allow", f"{chosen.id}: {loss}"


@pytest.mark.parametrize("chosen", FORMATS, ids=BY_ID)
def test_text_is_the_same_each_time_and_ends_with_a_newline(chosen: Format) -> None:
    for policy in POLICIES.values():
        assert chosen.render(policy) == chosen.render(policy)
        assert chosen.render(policy).text.endswith("\n")


def test_every_module_is_registered_once_and_named_after_its_format() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    ids = [one.id for one in FORMATS]
    assert ids == sorted(set(ids))
    assert {one.id.replace("-", "_") for one in FORMATS} == {name for name in modules if not name.startswith("_")}


def test_losses_are_summed_up_in_one_line() -> None:
    rendered = BY_ID["anthropic-toolset"].render(POLICIES["plain"])
    assert sum_up(rendered.losses) == "ask became deny: 1 tool; limits dropped: 1 tool"
