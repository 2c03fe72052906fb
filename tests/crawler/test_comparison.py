"""A server's tools from source beside those it lists when it runs."""

from catalog.records import ToolDefinition
from crawler.live.comparison import Difference, compare_listings

SCHEMA = {"type": "object", "properties": {"to": {"type": "string"}}}


def test_tools_of_one_side_only_are_named_in_order() -> None:
    found = compare_listings(map(ToolDefinition, "cab"), map(ToolDefinition, "ed" + "a"))
    assert found.only_static == ("b", "c")
    assert found.only_live == ("d", "e")
    assert found.same == ("a",)
    assert not found.agrees


def test_equal_listings_agree() -> None:
    one = ToolDefinition("a", description=" Sends. ", input_schema=SCHEMA, annotations={"readOnlyHint": False})
    other = ToolDefinition(
        "a", description="Sends.", input_schema={**SCHEMA, "required": ["to"]}, annotations=one.annotations
    )
    assert compare_listings([one], [other]).agrees


def test_each_field_that_differs_shows_both_sides() -> None:
    static = ToolDefinition("a", description="Sends.", input_schema=SCHEMA, unresolved=("description",))
    live = ToolDefinition(
        "a",
        description="Sends for Ann.",
        input_schema={"properties": {"to": {}, "body": {}}},
        annotations={"destructiveHint": True, "title": "A", "openWorldHint": "yes"},
    )
    (only,) = compare_listings([static], [live]).differing
    assert only.differences == (
        Difference("description", "Sends.", "Sends for Ann.", foreseen=True),
        Difference("parameters", ("to",), ("body", "to")),
        Difference("hints", (), ("destructiveHint=true",)),
    )


def test_nothing_declared_is_no_difference_from_nothing_taken() -> None:
    odd = {"properties": ["not", "an", "object"]}
    static, live = ToolDefinition("a"), ToolDefinition("a", description="", input_schema=odd)
    assert compare_listings([static], [live]).agrees
