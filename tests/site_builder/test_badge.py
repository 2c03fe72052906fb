"""A server's badge: what it says, that it parses, and that nothing unknown looks safe."""

from xml.etree import ElementTree as ET

import pytest

from catalog.records import Assessment
from catalog.vocabulary import Category
from site_builder.badge import render_badge
from tests.policy.assessments import assessed

READ, PAYS = assessed(Category.READ), assessed(Category.FINANCIAL)


@pytest.mark.parametrize(
    ("tools", "says"),
    [
        ([READ, PAYS, PAYS], "toolrisk: critical risk: 2 of 3 tools"),
        ([READ], "toolrisk: low risk: 1 of 1 tool"),
        ([READ, None], "toolrisk: low risk: 1 of 2 tools"),
        ([None], "toolrisk: not analysed"),
        ([], "toolrisk: not analysed"),
    ],
)
def test_badge_says_the_highest_risk_of_what_was_assessed(tools: list[Assessment | None], says: str) -> None:
    root = ET.fromstring(render_badge(tools))  # noqa: S314 - our own text
    assert root.get("aria-label") == says
    assert root.findtext("{http://www.w3.org/2000/svg}title") == says


def test_badge_of_the_unknown_has_the_colour_of_no_risk() -> None:
    colours = {render_badge(tools).split(b'fill="')[2][:7] for tools in ([], [READ], [PAYS])}
    assert len(colours) == 3
