"""Words and where they stand: a number of a word always leads back to its letters."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.words import cut_name, cut_prose, span_of_name, span_of_prose

TEXTS = st.text(alphabet=st.sampled_from("abZ 1_-.,:(\n)é删除记录の実행İß'"), max_size=60)


@given(TEXTS)
def test_every_word_of_prose_is_found_again(text: str) -> None:
    words = cut_prose(text)
    for at, word in enumerate(words):
        start, end = span_of_prose(text, at, at)
        assert 0 <= start < end <= len(text)
        if text.isascii():
            assert text[start:end].lower() == word


@given(TEXTS)
def test_every_word_of_a_name_is_found_again(name: str) -> None:
    words = cut_name(name)
    for at in range(len(words)):
        start, end = span_of_name(name, at, at)
        assert 0 <= start < end <= len(name)


def test_ideographs_yield_their_verbs() -> None:
    assert cut_prose("删除记录")[0] == "delete"
