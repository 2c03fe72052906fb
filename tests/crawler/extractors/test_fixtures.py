"""Every extractor against sources of our own, shaped like what servers do; and against what nobody should write."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.records import ToolDefinition
from crawler.extractors import EXTRACTORS, Extracted
from crawler.recovery.extract import extract_tools
from crawler.snapshots.snapshot import read_directory
from tests.effort import ends_within

FIXTURES = Path(__file__).parents[2] / "fixtures" / "extractors"
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.is_dir())
BY_NAME = dict(EXTRACTORS)


def as_expected(definition: ToolDefinition) -> dict[str, object]:
    """Lay a definition out as expected.json does: what is empty is left out."""
    origin = definition.origin
    shown = {
        "name": definition.name,
        "title": definition.title,
        "description": definition.description,
        "inputSchema": definition.input_schema,
        "annotations": dict(definition.annotations),
        "origin": f"{origin.path}:{origin.line} {origin.pattern}" if origin else None,
        "conditional": definition.conditional,
        "unresolved": list(definition.unresolved),
    }
    return {key: value for key, value in shown.items() if value not in (None, [], {})}


def source_files(case: Path) -> dict[str, bytes]:
    return {path: data for path, data in read_directory(case).files.items() if path != "expected.json"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_case_gives_what_is_expected(case: Path) -> None:
    extracted = BY_NAME[case.parent.name](source_files(case))
    found = {
        "tools": sorted((as_expected(one) for one in extracted.definitions), key=lambda one: str(one["name"])),
        "reasons": list(extracted.reasons),
    }
    path = case / "expected.json"
    if "REWRITE_EXPECTED" in os.environ:
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))


def test_every_extractor_is_registered_and_has_cases_of_both_kinds() -> None:
    folder = Path(__file__).parents[3] / "crawler" / "extractors"
    entries = {path.stem for path in folder.glob("*.py") if "\ndef extract(" in path.read_text(encoding="utf-8")}
    assert entries == set(BY_NAME)
    assert list(BY_NAME) == sorted(BY_NAME)
    for name in BY_NAME:
        counts = [len(json.loads((case / "expected.json").read_text())["tools"]) for case in FIXTURES.glob(f"{name}/*")]
        assert any(counts), f"{name} has no case with tools"
        assert not all(counts), f"{name} has no case without"


SUFFIXES = {
    "c_sharp": "Server.cs",
    "dart": "server.dart",
    "go": "server.go",
    "java": "Server.java",
    "kotlin": "Server.kt",
    "php": "Server.php",
    "ruby": "server.rb",
    "rust": "server.rs",
    "swift": "Server.swift",
    "python": "server.py",
    "javascript": "server.ts",
    "mcpb_manifest": "manifest.json",
    "openapi": "api.yaml",
    "tool_files": "tools.yaml",
}
WORDS = st.sampled_from(
    (
        *(
            "@mcp.tool",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            "name",
            "=",
            ":",
            '"x"',
            "'",
            "`${",
            "server.tool",
            "registerTool",
        ),
        *(
            "inputSchema",
            "description",
            "z.object",
            "class A:",
            "def f(a):",
            "for x in y:",
            "=>",
            "\n    ",
            "\n",
            "...",
        ),
        *(
            "import mcp\n",
            "from fastmcp import FastMCP\n",
            "@modelcontextprotocol",
            "Tool(",
            "f'{",
            "const x =",
            "\x00",
        ),
    )
)


@pytest.mark.parametrize("name", sorted(BY_NAME))
@settings(max_examples=120, deadline=None)
@given(parts=st.lists(WORDS, max_size=60), raw=st.binary(max_size=80))
def test_no_text_makes_an_extractor_raise(name: str, parts: list[str], raw: bytes) -> None:
    head = (
        b'"@modelcontextprotocol/sdk";'
        if name == "javascript"
        else b"import mcp, fastmcp\n"
        if name == "python"
        else b""
    )
    assert isinstance(BY_NAME[name]({SUFFIXES[name]: head + " ".join(parts).encode() + raw}), Extracted)


def nested(text: str, close: str, depth: int) -> str:
    return text * depth + close * depth


HOSTILE: dict[str, dict[str, str]] = {
    "deep-python": {"s.py": "import mcp\nTool(name=" + nested("[", "]", 10_000) + ", description='x')"},
    "deep-calls": {"s.py": "import mcp\n@mcp.tool(name=" + nested("f(", ")", 5_000) + ")\ndef f(): ..."},
    "deep-types": {"s.py": "import mcp\n@mcp.tool()\ndef f(a: " + nested("list[", "]", 3_000) + "): ..."},
    "deep-javascript": {"s.js": "'@modelcontextprotocol';s.tool(" + nested("[", "]", 10_000) + ",'x')"},
    "self-reference": {"s.py": "import mcp\nA = B\nB = A\n@mcp.tool(name=A)\ndef f(): ..."},
    "self-reference-js": {"s.js": "'@modelcontextprotocol';const a=b;const b=a;s.tool(a,'x',()=>{})"},
    "cyclic-imports": {
        "a.py": "import mcp\nfrom b import X\n@mcp.tool(name=X)\ndef f(): ...",
        "b.py": "from a import X\n",
    },
    "cyclic-exports": {
        "a.js": "'@modelcontextprotocol';import {x} from './b.js';s.tool(x,'x',()=>{});export * from './b.js'",
        "b.js": "export * from './a.js'",
    },
    "own-base": {
        "s.js": "'@modelcontextprotocol';class A extends A { name = 'x'; description = this.description; schema = {} }"
    },
    "recursive-model": {
        "s.py": "import mcp\nclass A(BaseModel):\n    a: 'A'\n    b: list[A]\n@mcp.tool()\ndef f(a: A): ...",
    },
    "format-bomb": {"s.py": "import mcp\n@mcp.tool(description='{:>999999999}'.format('x'))\ndef f(): ..."},
    "join-bomb": {
        "s.js": "'@modelcontextprotocol';const a='x'.repeat(1e9);s.tool('n',[" + "a," * 5_000 + "].join(a),()=>{})"
    },
    "growing-text": {
        "s.py": "import mcp\nA0='x'*9\n"
        + "".join(f"A{n + 1}=A{n}+A{n}\n" for n in range(60))
        + "@mcp.tool(description=A60)\ndef f(): ...",
    },
    "long-line": {"s.js": "'@modelcontextprotocol';" + "s.tool('n','d',()=>{});" * 40_000},
    "not-utf8": {"s.py": "import mcp\n@mcp.tool()\ndef f():\n    '\udcff\udcfe'\n"},
}


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_source_ends_soon_and_invents_nothing(files: Mapping[str, str]) -> None:
    with ends_within(10):
        extraction = extract_tools({path: text.encode("utf-8", "surrogateescape") for path, text in files.items()})
    assert {definition.name for definition in extraction.definitions} <= {"f", "n", "x"}


def test_nothing_of_a_target_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    touch = f"import pathlib; pathlib.Path({str(marker)!r}).touch()\n"
    tool = "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n@mcp.tool()\ndef look(): 'Look.'\n"
    files = {"pkg/__init__.py": touch, "pkg/server.py": touch + tool, "setup.py": touch, "conftest.py": touch}
    extraction = extract_tools({path: text.encode() for path, text in files.items()})
    assert [definition.name for definition in extraction.definitions] == ["look"]
    assert not marker.exists()


@pytest.mark.parametrize("order", [sorted, lambda names: sorted(names, reverse=True)])
def test_order_of_files_does_not_matter(order: Callable[[list[str]], list[str]]) -> None:
    for case in CASES:
        files = source_files(case)
        whole = extract_tools(files)
        assert extract_tools({path: files[path] for path in order(list(files))}) == whole


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("s.py", "import mcp\n@mcp.tool()\ndef look(): 'Look.'\n\ndef broken(:\n    (\n"),
        ("s.js", "'@modelcontextprotocol';s.tool('look','Look.',()=>{});\nfunction broken( {{ ;"),
    ],
)
def test_file_with_syntax_errors_is_an_issue_and_still_read(path: str, text: str) -> None:
    extraction = extract_tools({path: text.encode()})
    assert [definition.name for definition in extraction.definitions] == ["look"]
    assert [(issue.path, issue.reason[:20]) for issue in extraction.issues] == [(path, "does not parse whole")]
