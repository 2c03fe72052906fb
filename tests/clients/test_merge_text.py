"""Edits in a text: what they say is said afterwards, and every comment, comma and line end that was there still is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.errors import DocumentError
from clients.merge_edits import Add, Drop, Edit, Put, Remove, apply_edits
from clients.merge_json import edit_json, read_json
from clients.merge_toml import edit_toml, read_toml

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
LEAF = st.one_of(TEXT, st.booleans(), st.none())
VALUES = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
OBJECTS = st.dictionaries(TEXT, st.lists(LEAF, max_size=4) | st.dictionaries(TEXT, VALUES, max_size=3), max_size=4)
GAPS = st.sampled_from(
    ["", " ", "\n", "\n  ", "\r\n\t", " /* block, with { and , */ ", " // line ]\n", "\n// own line\n"]
)


@st.composite
def written(draw: st.DrawFn, value: Any) -> str:
    """Write a value as somebody with odd habits would: gaps, comments and trailing commas anywhere."""
    if isinstance(value, dict | list):
        begin, end = ("{", "}") if isinstance(value, dict) else ("[", "]")
        pieces: list[str] = []
        for item in value:
            key = f"{json.dumps(item)}{draw(GAPS)}:{draw(GAPS)}" if isinstance(value, dict) else ""
            inner: str = draw(written(value[item] if isinstance(value, dict) else item))
            pieces.append(f"{draw(GAPS)}{key}{inner}{draw(GAPS)}")
        is_trailing: bool = draw(st.booleans())
        comma = f",{draw(GAPS)}" if pieces and is_trailing else ""
        return begin + ",".join(pieces) + comma + draw(GAPS) + end
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


@st.composite
def edited(draw: st.DrawFn) -> tuple[dict[str, Any], str, Edit]:
    value = draw(OBJECTS)
    text = draw(GAPS) + draw(written(value)) + draw(GAPS)
    lists = [key for key, member in value.items() if isinstance(member, list)]
    inner = [key for key, member in value.items() if isinstance(member, dict)]
    choices: list[st.SearchStrategy[Edit]] = [
        st.builds(Put, st.sampled_from([(), *((key,) for key in inner)]), st.dictionaries(TEXT, VALUES, max_size=3)),
        st.builds(
            lambda keys: Drop((), tuple(keys)), st.sets(st.sampled_from(list(value))) if value else st.just(set())
        ),
        st.builds(lambda key, items: Add(("new", key), tuple(items)), TEXT, st.lists(TEXT, max_size=3)),
    ]
    if "new" in value:
        choices.pop()
    for key in lists:
        places = st.frozensets(st.integers(0, max(len(value[key]) - 1, 0)))
        choices += [
            st.builds(lambda key, items: Add((key,), tuple(items)), st.just(key), st.lists(TEXT, max_size=3)),
            st.builds(lambda key, at: Remove((key,), at), st.just(key), places),
        ]
    return value, text, draw(st.one_of(choices))


@given(edited())
def test_an_edit_says_what_it_should_and_keeps_every_comment(case: tuple[dict[str, Any], str, Edit]) -> None:
    value, text, edit = case
    after = edit_json(text.encode(), (edit,))
    assert read_json(after) == apply_edits(value, (edit,))
    if isinstance(edit, Add):
        for comment in ("/* block, with { and , */", "// line ]", "// own line"):
            assert after.decode().count(comment) == text.count(comment)


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ('{"a":1}', Put((), {"b": "x"}), '{"a":1, "b": "x"}'),
        ("{}", Put(("a", "b"), {"c": "x"}), '{\n  "a": {\n    "b": {\n      "c": "x"\n    }\n  }\n}'),
        ('{\n\t"a": 1 // why\n}\n', Put((), {"b": ["x"]}), '{\n\t"a": 1, // why\n\t"b": [\n\t\t"x"\n\t]\n}\n'),
        ('{\r\n  "a": 1,\r\n}', Put((), {"b": "x"}), '{\r\n  "a": 1,\r\n  "b": "x",\r\n}'),
        ('{"a": ["x", "y", "z"]}', Remove(("a",), frozenset({1})), '{"a": ["x", "z"]}'),
        ('{"a": ["x", "y"]}', Remove(("a",), frozenset({1})), '{"a": ["x"]}'),
        ('{"a": ["x", "y"]}', Remove(("a",), frozenset({0, 1})), '{"a": []}'),
        ('{"a": [\n  "x", // why\n  "y"\n]}', Remove(("a",), frozenset({0})), '{"a": [\n  // why\n  "y"\n]}'),
        ('{"a": [\n  "x",\n  "y"\n]}', Remove(("a",), frozenset({1})), '{"a": [\n  "x"\n]}'),
        ('{\n  "a": [\n    "x"\n  ]\n}', Add(("a",), ("y",)), '{\n  "a": [\n    "x",\n    "y"\n  ]\n}'),
        ('{\n  "a": [] // none\n}', Add(("a",), ("y",)), '{\n  "a": [\n    "y"\n  ] // none\n}'),
        ('{\n  "a": false\n}', Put((), {"a": True}), '{\n  "a": true\n}'),
    ],
)  # fmt: skip
def test_what_is_added_looks_like_what_is_there(before: str, edit: Edit, after: str) -> None:
    assert edit_json(before.encode(), (edit,)).decode() == after


def test_toml_keeps_comments_order_and_line_ends() -> None:
    before = b"# top\r\n[b]\r\nlist = [\r\n  'x', # why\r\n  'y',\r\n]\r\n[a]\r\nk = 1 # one\r\n"
    edits = (Add(("b", "list"), ("z",)), Put(("b", "t"), {"in ner": {"mode": "x"}}), Put(("a",), {"k": 2}))
    after = edit_toml(before, edits, "")
    assert read_toml(after) == apply_edits(read_toml(before), edits)
    text = after.decode()
    assert "\n" not in text.replace("\r\n", "")
    for kept in ("# top", "'x', # why", "'y',", "# one"):
        assert kept in text
    assert text.index("[b]") < text.index("[a]")


def test_a_toml_table_in_one_line_takes_new_keys() -> None:
    before = b'[mcp_servers]\ns = { command = "x" } # why\n'
    edits = (Add(("mcp_servers", "s", "enabled_tools"), ("a",)), Put(("mcp_servers", "s", "tools"), {"a": {"m": "x"}}))
    after = edit_toml(before, edits, "")
    assert read_toml(after) == apply_edits(read_toml(before), edits)
    assert b"# why" in after


@pytest.mark.parametrize("text", ["[]", '"x"', "{} {}", '{"a": }', '{"a" 1}', "[" * 5000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        edit_json(text.encode(), (Put((), {"a": "x"}),))
