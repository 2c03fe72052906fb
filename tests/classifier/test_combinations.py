"""Tools that are dangerous together: all legs must be there, and the smallest is the one to cut."""

from catalog.records import Assessment, ServerContext, ToolDefinition
from classifier.assess import assess_tools
from classifier.combinations import advise, find_combinations

CODE = {"properties": {"code": {"type": "string"}}}
TOOLS = {
    "read_mail": ("mail", ToolDefinition("read_mail", description="Reads the messages of the user's inbox.")),
    "fetch_page": (
        "web",
        ToolDefinition("fetch_page", description="Fetches a web page.", input_schema={"properties": {"url": {}}}),
    ),
    "send_mail": (
        "mail",
        ToolDefinition("send_mail", description="Sends an e-mail.", input_schema={"properties": {"to": {}}}),
    ),
    "run_python": ("lab", ToolDefinition("run_python", description="Runs Python code.", input_schema=CODE)),
    "add": ("lab", ToolDefinition("add", description="Adds two numbers.")),
}


def known(*names: str) -> list[tuple[str, str, Assessment]]:
    judged = assess_tools([(TOOLS[name][1], ServerContext(TOOLS[name][0])) for name in names])
    return [(TOOLS[name][0], name, found) for name, found in zip(names, judged, strict=True)]


def test_all_three_legs_together_are_found_with_the_fewest_to_cut() -> None:
    found = {one.id: one for one in find_combinations(known("read_mail", "fetch_page", "send_mail", "add"))}
    trifecta = found["lethal-trifecta"]
    assert [leg.name for leg in trifecta.legs] == ["private data", "text that strangers write", "a way out"]
    assert {part.tool for part in trifecta.legs[1].parts} >= {"fetch_page"}
    assert [part.tool for part in trifecta.cut.parts] == ["send_mail"]
    assert "send_mail (mail)" in advise(trifecta)


def test_without_a_leg_there_is_nothing() -> None:
    assert find_combinations(known("read_mail", "add")) == []
    assert find_combinations([]) == []


def test_strangers_and_code_are_a_combination_of_their_own() -> None:
    assert "strangers-steer-code" in {one.id for one in find_combinations(known("fetch_page", "run_python"))}


def test_order_of_the_tools_does_not_matter() -> None:
    tools = known("read_mail", "fetch_page", "send_mail")
    assert find_combinations(tools) == find_combinations(tools[::-1])
