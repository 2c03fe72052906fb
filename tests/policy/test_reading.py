"""Reading policies that people write: every fault with its line, its column and what was expected."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import PolicyError
from policy.reading import SIZE_LIMIT, parse_document, read_document


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1, column 1: .*not JSON"),
        ('{"version": "1",\n "tools": {"x": }}', "line 2, column 17"),
        ('{"version": "1",\n "tools": {\n  "x": {"limit": []}}}', "tools.x.limit: line 3, column 9: Extra inputs"),
        ('{"version": "2", "tools": {}}', "version: line 1, column 2: Input should be '1'"),
        ('{"version": "1", "tools": []}', "tools: line 1, column 18"),
        ('{"version": "1"}', "tools: line 1, column 1: Field required"),
        (
            '{"tools": {"a/b~\\"c": {"limits": [{"counter": "c", "window": "week", "max": 1}]}}}',
            "window: line 1, column 52",
        ),
        ('{"tools": {"x": {"limits": [{"counter": "c", "window": "day", "max": -1}]}}}', "max: line 1, column 63"),
        ('{"tools": {"x": {"require": [{"path": "args.a", "op": "like"}]}}}', "op: line 1, column 49: Input should be"),
        (
            '{"tools": {"x": {"require": [{"path": "args.a", "op": "regex", "value": "("}]}}}',
            r"require\.0: line 1, column 30: Value error, no regular expression: missing \)",
        ),
        ('{"tools": {"x": {}, "x": {"limits": []}}}', "'x' stands twice"),
        ('{"permissions": {"allow": []}}', "looks like a client's settings file"),
        ("[]", "the document: line 1, column 1: Input should be an object"),
        ("[" * 100_000, "nested deeper|recursion"),
        (b"\xff\xfe", "byte 0: not UTF-8"),
        ('{"tools": {}}' + " " * SIZE_LIMIT, "more than 4,000,000 bytes"),
    ],
)
def test_each_fault_is_one_line_with_its_place(text: str | bytes, says: str) -> None:
    with pytest.raises(PolicyError, match=says) as caught:
        parse_document(text)
    assert "\n" not in str(caught.value)


def test_a_file_is_named_in_its_fault(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"policy\.json: tools: line 1"):
        read_document(path)


def test_schema_link_is_kept() -> None:
    document = parse_document('{"$schema": "https://example.com/policy.schema.json", "tools": {}}')
    assert document.json_schema == "https://example.com/policy.schema.json"


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60), st.recursive(st.none(), st.lists).map(str)))
def test_anything_is_a_document_or_a_fault_of_ours(text: str | bytes) -> None:
    with suppress(PolicyError):
        parse_document(text)
