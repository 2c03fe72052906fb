"""The shipped model, its labels and its card belong together; where the definitions are, it is rebuilt bit for bit."""

import hashlib
import os
from pathlib import Path

import orjson
import pytest

from classifier.model import ARTIFACT, load_model
from classifier.train import train
from toolrisk.training import read_definitions

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "data" / "labels"
CARD = orjson.loads((ARTIFACT.parent / "card.json").read_bytes())
DUMPS = Path(os.environ.get("TOOLRISK_SHARED", ROOT.parent / "shared")) / "data" / "tools_list"


@pytest.mark.parametrize(("name", "file"), [("labels", "labels.csv"), ("authored", "authored.jsonl")])
def test_card_names_the_data_that_is_here(name: str, file: str) -> None:
    assert CARD["data"][name] == hashlib.sha256((LABELS / file).read_bytes()).hexdigest(), "run `make train`"


def test_card_names_the_artifact_that_is_here() -> None:
    assert CARD["artifact"] == hashlib.sha256(ARTIFACT.read_bytes()).hexdigest(), "run `make train`"
    assert CARD["features"] == len(load_model().rarities)


def test_training_again_gives_the_shipped_bytes() -> None:
    if not DUMPS.is_dir():
        pytest.skip("no tools/list dumps beside the repository; set TOOLRISK_SHARED")
    again = train(LABELS / "labels.csv", LABELS / "authored.jsonl", read_definitions(DUMPS), date=CARD["date"])
    if orjson.loads(again.card)["versions"] != CARD["versions"]:
        pytest.skip("other versions of numpy or scikit-learn than the model was trained with")
    assert again.artifact == ARTIFACT.read_bytes()
    assert orjson.loads(again.card) == CARD
