"""What the Python extractor promises of every definition, beside the cases in the fixtures."""

from pathlib import Path

import pytest

from crawler.extractors.python import extract
from crawler.snapshots.snapshot import read_directory

FIXTURES = Path(__file__).parents[2] / "fixtures" / "extractors" / "python"
CASES = sorted(FIXTURES.iterdir())
SDK = "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n"


def tools_of(source: str, **files: str) -> dict[str, str | None]:
    named = {f"{name}.py": text.encode() for name, text in files.items()}
    return {one.name: one.description for one in extract({"s.py": source.encode(), **named}).definitions}


def reasons_of(source: str) -> tuple[str, ...]:
    return extract({"s.py": source.encode()}).reasons


def test_there_are_cases() -> None:
    assert len(CASES) > 15


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_origin_is_the_line_that_declares_the_tool(case: Path) -> None:
    files = read_directory(case).files
    for one in extract(files).definitions:
        assert one.origin is not None
        line = files[one.origin.path].decode("utf-8", "replace").splitlines()[one.origin.line - 1]
        assert any(word in line for word in ("def ", "class ", "ool", "{"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_name_is_given_once_but_for_servers_that_offer_either(case: Path) -> None:
    definitions = extract(read_directory(case).files).definitions
    always = [one.name for one in definitions if one.conditional is None]
    assert len(always) == len(set(always))


def test_package_without_an_sdk_is_not_read() -> None:
    assert extract({"s.py": b"@mcp.tool()\ndef f(): ..."}) == extract({})


def test_computed_name_becomes_a_reason_with_its_expression() -> None:
    source = f"{SDK}import os\nmcp.add_tool(work, name=os.environ['N'])\ndef work(): ...\n"
    assert tools_of(source) == {}
    assert reasons_of(source) == ("s.py:4: tool name is computed at run time: os.environ['N']",)


def test_function_renamed_after_it_was_made_is_a_reason() -> None:
    source = f"{SDK}def make(name):\n    def stub(): 'Stub.'\n    stub.__name__ = name\n    return stub\n"
    source += "for name in read():\n    mcp.tool()(make(name))\n"
    assert tools_of(source) == {}
    assert reasons_of(source) == ("s.py:8: tool name is computed at run time: make(name)",)


def test_list_that_is_filled_elsewhere_is_not_taken_for_whole() -> None:
    source = f"{SDK}from m import TOOLS\nfor tool in TOOLS:\n    mcp.tool()(tool)\n"
    filler = "TOOLS = []\ndef fill(found):\n    TOOLS.append(found)\n"
    extracted = extract({"s.py": source.encode(), "m.py": filler.encode()})
    assert extracted.definitions == ()
    assert extracted.reasons == ("s.py:5: tool name is computed at run time: tool",)


def test_list_that_grows_in_its_own_module_is_followed() -> None:
    source = f"{SDK}def a(): 'A.'\ndef b(): 'B.'\nALL = [a]\nALL.append(b)\nfor one in ALL:\n    mcp.tool()(one)\n"
    assert tools_of(source) == {"a": "A.", "b": "B."}


def test_function_that_is_called_registers_for_each_caller() -> None:
    source = f"{SDK}def add(function):\n    mcp.tool()(function)\ndef a(): 'A.'\ndef b(): 'B.'\nadd(a)\nadd(b)\n"
    assert tools_of(source) == {"a": "A.", "b": "B."}


def test_argument_nobody_knows_counts_as_the_default() -> None:
    source = (
        f"{SDK}def add(prefix='home_'):\n    @mcp.tool(name=prefix + 'x')\n    def f(): 'F.'\nadd(read_settings())\n"
    )
    assert tools_of(source) == {"home_x": "F."}


def test_wrapper_is_seen_through_to_the_function_it_wraps() -> None:
    source = f"{SDK}import functools\ndef timed(f):\n    @functools.wraps(f)\n    def w(*a, **k): ...\n    return w\n"
    assert tools_of(f"{source}def work(x: int): 'Works.'\nmcp.tool()(timed(work))\n") == {"work": "Works."}


def test_name_from_another_module_is_followed_through_a_star() -> None:
    assert tools_of(f"{SDK}from m import *\n@mcp.tool(name=NAME)\ndef f(): 'F.'\n", m="NAME = 'of_m'\n") == {
        "of_m": "F."
    }


def test_longer_text_that_is_added_to_is_unresolved_rather_than_cut() -> None:
    source = f"{SDK}ABOUT = 'Half.'\nABOUT += read()\n@mcp.tool(description=ABOUT)\ndef f(): ...\n"
    (definition,) = extract({"s.py": source.encode()}).definitions
    assert definition.description is None
    assert definition.unresolved == ("description",)


def test_tests_of_a_package_register_nothing_for_it() -> None:
    source = f"{SDK}def add(name):\n    @mcp.tool(name=name)\n    def f(): ...\nadd('real')\n"
    test = "from s import add\nadd('only_in_a_test')\n"
    files = {"s.py": source.encode(), "tests/test_s.py": test.encode()}
    assert [one.name for one in extract(files).definitions] == ["real"]
