"""Training: from labels and definitions to an artifact, bit for bit, and what stops it."""

from pathlib import Path

import orjson
import pytest

from catalog.records import ToolDefinition
from catalog.vocabulary import Category
from classifier.errors import LabelError
from classifier.evaluate import evaluate
from classifier.labels import Key, read_authored, read_labels
from classifier.model import read_model
from classifier.train import Trained, train

AUTHORED = Path(__file__).parents[2] / "data" / "labels" / "authored.jsonl"
HEADER = (
    "registry,package,version,tool,category,second_choice,confidence,second_annotator,reversibility,egress,"
    "untrusted_input,sensitive_data,privilege,money,code_execution,blast_radius"
)
REST = ",,3,,unknown,none,none,none,none,none,none,item"
TOOLS = [
    ("get_page", "Read"),
    ("create_page", "Write"),
    ("run_page", "Execute"),
    ("delete_page", "Destructive"),
    ("pay_page", "Financial"),
]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Three servers whose tools differ enough not to count as one."""
    lines = [f"npm,server{at},1,{name}_{at},{category}{REST}" for at in range(3) for name, category in TOOLS]
    path = tmp_path / "labels.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def definitions() -> dict[Key, ToolDefinition]:
    return {
        ("npm", f"server{at}", f"{name}_{at}"): ToolDefinition(f"{name}_{at}", description=f"{name} number {at}.")
        for at in range(3)
        for name, _category in TOOLS
    }


@pytest.fixture
def authored(tmp_path: Path) -> Path:
    path = tmp_path / "authored.jsonl"
    path.write_bytes(b"\n".join(AUTHORED.read_bytes().splitlines()[::12]) + b"\n")
    return path


def test_same_input_gives_the_same_bytes(labels: Path, authored: Path, definitions: dict[Key, ToolDefinition]) -> None:
    first, second = (train(labels, authored, definitions, date="2026-01-01") for _ in range(2))
    assert first == second
    assert read_model(first.artifact).index
    card = orjson.loads(first.card)
    assert card["date"] == "2026-01-01"
    assert card["data"]["real_tools"] == 15
    assert card["data"]["servers"] == 3
    assert 0.0 <= card["scores"]["accuracy"] <= 1.0


def test_evaluation_compares_four_ways_and_lists_every_miss(
    labels: Path, authored: Path, definitions: dict[Key, ToolDefinition]
) -> None:
    found = evaluate(labels, authored, definitions)
    assert list(found) == ["first verb", "rules alone", "model alone", "both"]
    for one in found.values():
        right = sum(one.confusion[category][category] for category in Category)
        assert right + len(one.misses) == 15
        assert one.accuracy == pytest.approx(right / 15)
        assert sum(sum(row.values()) for row in one.confusion.values()) == 15
    assert found["first verb"].ece is None
    assert found["both"].ece is not None
    assert found["first verb"].accuracy == 1.0


def test_servers_with_the_same_tools_are_one_group(labels: Path) -> None:
    twins = {("npm", f"server{at}", name): ToolDefinition(name) for at in range(3) for name, _category in TOOLS}
    text = labels.read_text(encoding="utf-8")
    for at in range(3):
        text = text.replace(f"_page_{at},", "_page,")
    labels.write_text(text, encoding="utf-8")
    assert {tool.group for tool in read_labels(labels, twins)} == {"npm/server0"}


def test_label_without_definition_is_left_out(labels: Path) -> None:
    assert read_labels(labels, {}) == []


@pytest.mark.parametrize(("old", "new"), [("Read", "Look"), (",3,,", ",7,,"), ("item", "planet")])
def test_label_outside_the_vocabulary_names_its_line(
    labels: Path, definitions: dict[Key, ToolDefinition], old: str, new: str
) -> None:
    labels.write_text(labels.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LabelError, match="line 2"):
        read_labels(labels, definitions)


@pytest.mark.parametrize("line", ["", "{", "[]", "{}", '{"name": "x", "category": "Look"}'])
def test_authored_line_that_is_no_example_names_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "authored.jsonl"
    path.write_text('{"name": "x", "category": "Read"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(LabelError, match="line 2"):
        read_authored(path)


def test_authored_examples_cover_every_category_and_repeat_none() -> None:
    tools = read_authored(AUTHORED)
    assert {tool.category for tool in tools} == set(Category)
    texts = [(tool.definition.name, tool.definition.description) for tool in tools]
    assert len(texts) == len(set(texts))


def test_trained_is_plain_bytes(labels: Path, authored: Path, definitions: dict[Key, ToolDefinition]) -> None:
    trained = train(labels, authored, definitions, date="2026-01-01")
    assert isinstance(trained, Trained)
    assert trained.artifact.startswith(b'{"format":1')
