"""YAML of the formats: text stays text in every reader, whatever YAML of which version it looks like."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policy.formats._yaml import to_yaml

# What some reader of YAML 1.1 or 1.2 takes for a number, a truth value, nothing, a date or a merge.
LOOKS_LIKE_MORE = [
    "1e3",
    "0o7",
    "0x1F",
    "1_000",
    "12:30:45",
    "2020-01-01",
    "y",
    "N",
    "off",
    "~",
    "<<",
    "=",
    ".inf",
    "NULL",
]


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_any_text_is_read_back(document: object) -> None:
    written = to_yaml(document)
    assert written.isascii()
    assert yaml.safe_load(written) == document


@pytest.mark.parametrize("text", LOOKS_LIKE_MORE)
def test_what_looks_like_more_than_text_is_quoted(text: str) -> None:
    assert to_yaml([text]) == f'- "{text}"\n'


def test_a_text_with_quotes_is_not_full_of_slashes() -> None:
    assert to_yaml(['a == "b"', "it's \\d"]) == """- 'a == "b"'\n- 'it''s \\d'\n"""


def test_keys_keep_their_order() -> None:
    assert to_yaml({"b": ["x"], "a": {}}) == "b:\n- x\na: {}\n"


def test_text_is_never_folded() -> None:
    assert len(re.findall("\n", to_yaml({"a": "word " * 200}))) == 1
