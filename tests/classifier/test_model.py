"""The artifact: read back as written, refused when damaged, part of the fingerprint."""

import re
from pathlib import Path

import numpy as np
import pytest

from classifier.errors import ArtifactError
from classifier.features import BLOCKS, Features
from classifier.model import ARTIFACT, fingerprint, load_model, predict, read_model, write_model


def test_written_model_reads_back_to_the_same_bytes() -> None:
    content = ARTIFACT.read_bytes()
    assert write_model(read_model(content)) == content


def test_artifact_is_readable_text_below_two_megabytes_with_features_of_at_most_two_words() -> None:
    content = ARTIFACT.read_bytes()
    assert len(content) < 2_000_000
    words, opening, body, parameters, *_rest = load_model().index
    assert max(len(feature.split()) for feature in (*words, *opening, *body, *parameters)) <= 2


def features(*name: str) -> Features:
    return (frozenset(name), *[frozenset[str]()] * (len(BLOCKS) - 1))


def test_probabilities_sum_to_one_even_without_any_known_feature() -> None:
    found = predict(load_model(), [features("delete"), features(), features("no such word")])
    assert np.allclose(found.sum(axis=1), 1.0)
    assert predict(load_model(), []).shape == (0, 5)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        ARTIFACT.read_bytes()[:-200],
        ARTIFACT.read_bytes().replace(b'"format":1', b'"format":99', 1),
        re.sub(rb'"temperature":[0-9.]+', b'"temperature":0', ARTIFACT.read_bytes(), count=1),
        re.sub(rb'"bias":\[[^,]+,', b'"bias":[', ARTIFACT.read_bytes(), count=1),
    ],
    ids=["empty", "cut", "a list", "no fields", "half", "other version", "no temperature", "short bias"],
)
def test_damaged_artifact_is_refused_in_one_line_that_says_how_to_rebuild_it(content: bytes) -> None:
    with pytest.raises(ArtifactError, match="make train") as caught:
        read_model(content)
    assert "\n" not in str(caught.value)


def test_missing_artifact_is_refused_in_one_line_that_says_how_to_rebuild_it(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"missing.*make train"):
        load_model(tmp_path / "model.json")


def test_artifact_that_changes_on_disk_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(ARTIFACT.read_bytes())
    assert load_model(path) is load_model(path)
    path.write_bytes(b"{}")
    with pytest.raises(ArtifactError):
        load_model(path)


def test_fingerprint_is_a_stable_hex_digest() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint())
    assert fingerprint() == fingerprint()
