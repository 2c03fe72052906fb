"""Sources bent along their own grammar: whatever stands where it should not, extraction ends soon, without an error."""

import importlib
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Language, Node, Parser

from crawler.extractors import EXTRACTORS, Extracted
from crawler.snapshots.snapshot import read_directory
from tests.effort import ends_within

FIXTURES = Path(__file__).parents[2] / "fixtures" / "extractors"
GRAMMARS = {
    ".py": ("python", "language"),
    ".js": ("javascript", "language"),
    ".mjs": ("javascript", "language"),
    ".ts": ("typescript", "language_typescript"),
    ".tsx": ("typescript", "language_tsx"),
    ".go": ("go", "language"),
    ".rs": ("rust", "language"),
    ".swift": ("swift", "language"),
    ".java": ("java", "language"),
    ".kt": ("kotlin", "language"),
    ".cs": ("c_sharp", "language"),
    ".dart": ("dart", "language"),
    ".rb": ("ruby", "language"),
    ".php": ("php", "language_php"),
}
CASES = sorted(
    path
    for path in FIXTURES.glob("*/*")
    if any(file.suffix in GRAMMARS for file in path.rglob("*")) and path.parent.name in dict(EXTRACTORS)
)
JUNK = (
    b"",
    b"(",
    b"}",
    b'"',
    b"'''",
    b"`${",
    b"\x00",
    b"\xff\xfe",
    b"<<~A",
    b"#[",
    b"=>",
    b"...",
    b"((((" * 500,
    b"0" * 5_000,
)


def parser_for(suffix: str) -> Parser:
    module, function = GRAMMARS[suffix]
    grammar: Any = importlib.import_module(f"tree_sitter_{module}")
    return Parser(Language(getattr(grammar, function)()))


def nodes_of(root: Node) -> list[Node]:
    found = [root]
    for node in found:
        found += node.named_children
    return found


def mutated(data: bytes, suffix: str, chance: random.Random) -> bytes:
    """Delete, repeat, exchange, nest or break a few parts of a source, each a whole node of its grammar."""
    for _ in range(chance.randint(1, 4)):
        nodes = nodes_of(parser_for(suffix).parse(data).root_node)
        node, other = chance.choice(nodes), chance.choice(nodes)
        text, others = data[node.start_byte : node.end_byte], data[other.start_byte : other.end_byte]
        put = chance.choice(
            (b"", text + text, others, b"(" * 60 + text + b")" * 60, chance.choice(JUNK), text[: len(text) // 2])
        )
        data = data[: node.start_byte] + put + data[node.end_byte :]
    return data[:200_000]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_mutated_source_raises_nothing_and_ends_soon(case: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (no secret hangs on it)
    files = dict(read_directory(case).files)
    sources = sorted(path for path in files if Path(path).suffix in GRAMMARS)
    for path in sources[:3]:
        files[path] = mutated(files[path], Path(path).suffix, chance)
    with ends_within(10):
        assert isinstance(dict(EXTRACTORS)[case.parent.name](files), Extracted)


def test_every_language_with_sources_is_mutated() -> None:
    assert {case.parent.name for case in CASES} == {name for name, _ in EXTRACTORS if name not in DATA}


DATA = {"mcpb_manifest"}  # not source code
