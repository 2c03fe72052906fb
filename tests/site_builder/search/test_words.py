"""How texts are cut into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.search.words import WORD_LIMIT, cut_name, cut_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Delete a file_name from the disk!", ["delete", "file", "name", "disk"]),
        ("npm:@acme/mail-mcp@1.2", ["npm", "acme", "mail", "mcp", "1", "2"]),
        ("Café NAÏVE Ångström", ["cafe", "naive", "angstrom"]),
        ("ﬁle ①", ["file", "1"]),
        ("查询 files", ["查", "询", "files"]),
        ("удалить файл", ["удалить", "фаил"]),
        ("the of and", []),
        ("", []),
    ],
)
def test_text_is_cut_into_plain_words(text: str, words: list[str]) -> None:
    assert cut_text(text) == words


@pytest.mark.parametrize(
    ("name", "words", "count"),
    [
        ("get_file_info", {"get", "file", "info"}, 3),
        ("getFileInfo", {"getfileinfo", "get", "file", "info"}, 3),
        ("HTTPServer", {"httpserver", "http", "server"}, 2),
        ("readS3Object", {"reads3object", "read", "s3", "object"}, 3),
        ("GitHub", {"github", "git", "hub"}, 2),
        ("sendToUser", {"sendtouser", "send", "user"}, 2),
        ("DELETE", {"delete"}, 1),
        ("!!!", set(), 0),
    ],
)
def test_a_name_is_found_whole_and_by_its_parts(name: str, words: set[str], count: int) -> None:
    assert cut_name(name) == (words, count)


@given(st.text())
def test_no_text_breaks_the_cutting(text: str) -> None:
    for word in cut_text(text):
        assert 0 < len(word) <= WORD_LIMIT
        assert not set(word) & set(" :@\n_")
    assert set(cut_text(text)) <= cut_name(text)[0]


@given(st.text())
def test_cutting_again_changes_nothing(text: str) -> None:
    words = cut_text(text)
    assert cut_text(" ".join(words)) == words
