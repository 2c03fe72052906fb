"""Servers of their own tools, gateways to others', and kits, told apart by what their source does."""

import pytest

from catalog.vocabulary import Outcome, Role
from crawler.recovery.extract import extract_tools
from crawler.recovery.role import role_of

OWN = b"from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n@mcp.tool()\ndef look(): 'Looks.'\n"
GATEWAYS = {
    "relay.py": b"from mcp import ClientSession\nasync def start(session, server):\n"
    b"    listed = await session.list_tools()\n    for tool in listed.tools:\n        server.add_tool(tool)\n",
    "src/relay.ts": b"const listed = await client.listTools();\nfor (const t of listed.tools) server.addTool(t);",
    "relay.go": b"listed, err := upstream.ListTools(ctx, request)\nfor _, t := range listed.Tools { s.AddTool(t) }",
}
KIT = {
    "kit/server.py": b"class FastServer:\n    methods = ['tools/list', 'tools/call', 'resources/list', "
    b"'prompts/list']\n",
    "kit/client.py": b"class KitClient:\n    pass\n",
}


def test_plain_server_is_a_server() -> None:
    assert role_of({"server.py": OWN}, 1) is Role.SERVER


@pytest.mark.parametrize("path", GATEWAYS)
def test_who_asks_servers_and_offers_their_tools_is_a_gateway(path: str) -> None:
    assert role_of({path: GATEWAYS[path]}, 0) is Role.GATEWAY


def test_who_only_asks_is_no_gateway() -> None:
    assert role_of({"ask.ts": b"const listed = await client.listTools(); show(listed)"}, 0) is Role.SERVER


def test_test_that_asks_the_server_makes_no_gateway() -> None:
    assert role_of({"server.py": OWN, "tests/relay.py": GATEWAYS["relay.py"]}, 1) is Role.SERVER


def test_protocol_written_out_at_both_ends_is_a_kit() -> None:
    assert role_of(KIT, 0) is Role.KIT
    assert role_of(KIT, 3) is Role.SERVER


def test_gateway_is_never_complete() -> None:
    extraction = extract_tools({"server.py": OWN, "relay.py": GATEWAYS["relay.py"]})
    assert [one.name for one in extraction.definitions] == ["look"]
    assert (extraction.role, extraction.outcome) == (Role.GATEWAY, Outcome.PARTIAL)
    assert "servers behind it" in extraction.reasons[-1]
