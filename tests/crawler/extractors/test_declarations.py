"""Documents of strangers that declare tools: whatever they hold, reading them ends soon and invents nothing."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extractors import openapi, tool_files
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.extracted import Extracted
from crawler.extractors.javascript_regex import cut, replaced
from crawler.extractors.openapi_operations import Reading, input_schema, operations_of
from crawler.extractors.yaml_text import MAX_BYTES, DocumentReader, read_document
from tests.effort import ends_within

LOADER = b"""
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { readFileSync } from "node:fs";
const api = parse(readFileSync("./api.yaml")), declared = parse(readFileSync("./tools.yaml"));
for (const [route, item] of Object.entries(api.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    server.tool(`do-${operation.operationId}`, operation.summary, {}, run);
  }
}
for (const one of declared) server.registerTool(one.name, one, run);
"""


def names(api: bytes = b"", tools: bytes = b"") -> list[str]:
    files = {"server.js": LOADER, "api.yaml": api, "tools.yaml": tools}
    found = (*openapi.extract(files).definitions, *tool_files.extract(files).definitions)
    return sorted(one.name for one in found)


def test_loader_of_these_tests_is_understood() -> None:
    api = b"openapi: 3.0.0\npaths: {/a: {get: {operationId: look, summary: Look.}}}\n"
    tools = b"- {name: dig, description: Dig., inputSchema: {type: object}}\n"
    assert names(api, tools) == ["dig", "do-look"]


BOMB = b"a0: &a0 [x, x]\n" + b"".join(
    b"a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n" % (n, n, *[n - 1] * 4) for n in range(1, 30)
)
MERGES = b"m0: &m0 {x: 1}\n" + b"".join(
    b"m%d: &m%d {<<: [*m%d, *m%d, *m%d]}\n" % (n, n, *[n - 1] * 3) for n in range(1, 30)
)
HOSTILE = {
    "aliases": BOMB + b"openapi: 3.0.0\npaths: {/a: {get: {operationId: look, parameters: *a29, x: *a29}}}\n",
    "merges": MERGES + b"openapi: 3.0.0\npaths: {/a: {get: {operationId: look, requestBody: *m29}}}\n",
    "deep": b"openapi: 3.0.0\npaths: " + b"[" * 100_000 + b"]" * 100_000,
    "own reference": b"openapi: 3.0.0\npaths: {/a: {get: {operationId: look, parameters: [{$ref: '#/paths/~1a'}]}}}\n",
    "self": b"openapi: 3.0.0\nx: &x {$ref: '#/x'}\n"
    b"paths: {/a: {$ref: '#/x'}, /b: &b {get: *x, put: {operationId: *b}}}\n",
    "python objects": b"openapi: 3.0.0\npaths: !!python/object/apply:os.system ['true']\n",
    "huge number": b"openapi: 3.0.0\npaths: {/a: {get: {operationId: look, x: " + b"9" * 100_000 + b"}}}\n",
    "odd keys": b"openapi: 3.0.0\npaths: {1: {get: {}}, [a]: 2, /a: {get: {operationId: [look]}}}\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents_end_soon_and_invent_nothing(text: bytes) -> None:
    with ends_within(10):
        assert set(names(text, text)) <= {"do-look"}


@settings(max_examples=80, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from(
            [
                "openapi: 3.0.0\n",
                "paths:\n",
                "  /a:\n",
                "    get: ",
                "{operationId: x",
                "}",
                "[",
                "]",
                "name: y\n",
                "description: z\n",
                "- ",
                "inputSchema: {type: object}\n",
                "&a ",
                "*a ",
                "$ref: '#/paths'",
                ": ",
                "\n",
            ]
        ),
        max_size=40,
    ),
    raw=st.binary(max_size=40),
)
def test_no_document_makes_an_extractor_raise(parts: list[str], raw: bytes) -> None:
    text = "".join(parts).encode() + raw
    files = {"server.js": LOADER, "api.yaml": text, "tools.yaml": text}
    assert isinstance(openapi.extract(files), Extracted)
    assert isinstance(tool_files.extract(files), Extracted)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("#/paths/~1a"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$ref", "schema", "properties", "allOf", "name", "in", "content", "get"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(item=json_values, body=json_values)
def test_any_operation_has_a_schema_or_none(item: Any, body: Any) -> None:
    document = {"paths": {"/a": {"get": {"parameters": item, "requestBody": body}, "put": item, "parameters": body}}}
    for operation in operations_of(document):
        assert isinstance(input_schema(document, operation, Reading()), dict)


def test_documents_beyond_the_limits_are_not_read() -> None:
    big = b"a: " + b"x" * MAX_BYTES
    assert DocumentReader({"a.yaml": big}).read("a.yaml") is None
    assert read_document("a.json", b"{") is None
    assert read_document("a.yaml", b"on: 2026-01-01\nkey: {<<: {a: 1}}") == {
        True: "2026-01-01",
        "key": {"<<": {"a": 1}},
    }


def test_schema_inside_itself_stays_open() -> None:
    document = {
        "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/x"}}}}}}},
        "x": {"type": "object", "properties": {"inner": {"$ref": "#/x"}, "name": {"type": "string"}}},
    }
    (operation,) = operations_of(document)
    schema = input_schema(json.loads(json.dumps(document)), operation, Reading())
    assert schema["properties"] == {"inner": {}, "name": {"type": "string"}}


@pytest.mark.parametrize(
    ("pattern", "substitute", "everywhere", "result"),
    [
        ("/\\.$/", "", False, "a.b"),
        ("/[^a-z]/g", "_", False, "a_b_"),
        ("/A/i", "x", False, "x.b."),
        ("/(a+)+$/", "", False, UNKNOWN),
        ("/a/", "$1", False, UNKNOWN),
        ("/./", "x", True, UNKNOWN),
    ],
)
def test_texts_are_replaced_by_plain_patterns_only(pattern: str, substitute: str, everywhere: Any, result: Any) -> None:
    assert replaced("a.b.", pattern, substitute, everywhere=everywhere) == result


def test_texts_are_cut_as_javascript_does() -> None:
    assert [cut("lamp", "charAt", [0]), cut("lamp", "charAt", [9]), cut("lamp", "slice", [1])] == ["l", "", "amp"]
    assert [cut("lamp", "substring", [3, 1]), cut("lamp", "slice", [-2])] == ["am", "mp"]
    assert cut("lamp", "slice", [UNKNOWN]) is UNKNOWN
