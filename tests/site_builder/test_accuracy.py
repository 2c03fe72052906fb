"""Measured accuracy is read from the classifier's card; what the card does not hold is not shown."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from selectolax.lexbor import LexborHTMLParser

from catalog.vocabulary import Category
from site_builder.accuracy import CARD, read_accuracy
from site_builder.environment import make_renderer
from site_builder.text_pages import make_methodology_page

COUNTS = {label: {verdict: 10 if label is verdict else 0 for verdict in Category} for label in Category}


def write_card(folder: Path, **scores: Any) -> Path:
    card = orjson.loads(CARD.read_bytes())
    card["scores"].update(scores)
    path = folder / "card.json"
    path.write_bytes(orjson.dumps(card, option=orjson.OPT_NON_STR_KEYS))
    return path


def test_page_shows_the_figures_of_the_shipped_card() -> None:
    card = orjson.loads(CARD.read_bytes())
    text = make_renderer()("pages/methodology.html", make_methodology_page("2026-11-18", "")).replace("\xa0", " ")
    assert f"<dd>{card['scores']['accuracy'] * 100:.1f} %</dd>" in text
    assert f"<dd>{card['scores']['second_choice_counted'] * 100:.1f} %</dd>" in text
    assert f"{card['data']['real_tools']:,} tools of {card['data']['servers']:,} groups" in text
    assert card["date"] in text
    assert "made by language-model annotators" in text
    rows = [[cell.text() for cell in row.css("td")] for row in LexborHTMLParser(text).css(".measured tbody tr")]
    assert rows[: len(Category)] == [
        [f"{card['scores'][kind][one] * 100:.1f} %" for kind in ("recall", "precision")] for one in Category
    ]


def test_weakest_effects_and_the_weakest_facet_are_named(tmp_path: Path) -> None:
    recall = {**dict.fromkeys(Category, 0.99), Category.WRITE: 0.6}
    precision = {**dict.fromkeys(Category, 0.99), Category.READ: 0.7}
    path = write_card(
        tmp_path,
        recall=recall,
        precision=precision,
        confusion=None,
        accuracy=0.9,
        second_choice_counted=0.95,
        misses=10,
    )
    card = orjson.loads(path.read_bytes())
    card["data"]["real_tools"] = 100
    card["facets"] = {"money": {"accuracy": 0.9}, "egress": {"accuracy": 0.75}}
    path.write_bytes(orjson.dumps(card))
    found = read_accuracy(path)
    assert found
    assert [words.replace("\xa0", " ") for words in found.weaknesses] == [
        "Write is found least: 40.0 % of its tools are called something else.",
        "A verdict of Read is wrong most often: 30.0 % of them have another label.",
        "Of 10 misses, 5 are what the annotator named as second choice.",
        "Of the eight facets, “Does anything leave?” is answered worst: as labelled for 75.0 % of tools.",
    ]


def test_confusion_is_shown_when_the_card_holds_it(tmp_path: Path) -> None:
    counts = {**COUNTS, Category.EXECUTE: {**COUNTS[Category.EXECUTE], Category.READ: 14, Category.WRITE: 1}}
    found = read_accuracy(write_card(tmp_path, confusion=counts))
    assert found
    assert found.confusion[2].counts == ("14", "1", "10", "0", "0")
    assert "14 tools labelled Execute were called Read." in found.weaknesses
    assert "1 tool labelled Execute was called Write." in found.weaknesses
    assert "10 tools labelled Financial: too few for exact figures of it." in found.weaknesses


def test_confusion_of_the_shipped_card_is_a_table_with_headers() -> None:
    counts = orjson.loads(CARD.read_bytes())["scores"]["confusion"]
    text = make_renderer()("pages/methodology.html", make_methodology_page("2026-11-18", ""))
    table = LexborHTMLParser(text).css(".measured")[1]
    assert [one.text(deep=False) for one in table.css('th[scope="col"]')] == ["Label", *Category]
    assert [one.text() for one in table.css('th[scope="row"]')] == [*Category]
    shown = [[int(cell.text().replace(",", "")) for cell in row.css("td")] for row in table.css("tbody tr")]
    assert shown == [[counts[label][verdict] for verdict in Category] for label in Category]
    assert [cell.text() for cell in table.css("td.right")] == [f"{counts[one][one]:,}" for one in Category]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"date": "x", "data": {}, "scores": {}}', b"\xff", b"[" * 5_000]
)
def test_card_that_cannot_be_read_leaves_accuracy_unknown(tmp_path: Path, content: bytes) -> None:
    card = tmp_path / "card.json"
    card.write_bytes(content)
    assert read_accuracy(card) is None
    assert read_accuracy(tmp_path / "missing.json") is None


def test_share_beyond_one_is_no_share(tmp_path: Path) -> None:
    assert read_accuracy(write_card(tmp_path, accuracy=94.4)) is None
