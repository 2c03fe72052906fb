"""JSON of the formats: the library that writes it writes what the standard library would, for any text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from policy.formats._json import to_json, to_unicode_json

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(["\ud83d", "\x7f", "\U0001f600"])
DOCUMENTS = st.recursive(
    ANY_TEXT | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=8,
)


@given(DOCUMENTS)
def test_ascii_text_is_the_standard_librarys(document: object) -> None:
    assert to_json(document) == json.dumps(document, indent=2) + "\n"


@given(DOCUMENTS)
def test_unicode_text_is_the_standard_librarys(document: object) -> None:
    assert to_unicode_json(document) == json.dumps(document, indent=2, ensure_ascii=False) + "\n"
