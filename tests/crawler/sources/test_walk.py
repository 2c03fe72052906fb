import time

import pytest

from crawler.errors import CrawlError
from crawler.listing import Listing
from crawler.sources.asking import Service
from crawler.sources.strange_values import as_list, as_object, as_prose, as_word, stamp_of
from crawler.sources.walk import Walk, require_some, split_pages
from tests.crawler.sources.visiting import Visitor, serve_answers


def test_walk_of_empty_pages_comes_to_an_end() -> None:
    walk = Walk("https://somebody:word@registry.example.com/x?key=1", entries=200)
    for _ in range(10):
        walk.count(0)
    with pytest.raises(CrawlError, match=r"^https://registry\.example\.com/x: lists without end"):
        walk.count(0)


def test_walk_of_full_pages_comes_to_an_end() -> None:
    walk = Walk("x", entries=1000)
    walk.count(1000)
    with pytest.raises(CrawlError):
        walk.count(1)


@pytest.mark.parametrize("cursor", [None, ""])
def test_walk_ends_where_no_cursor_is(cursor: object) -> None:
    assert Walk("x").next_cursor(cursor) is None


def test_only_the_last_of_the_split_pages_is_whole() -> None:
    listings = [Listing(str(number)) for number in range(2000)]
    pages = list(split_pages(listings, ["bad"], before={"at": 1}, after={"at": 2}, whole=True))
    assert [(len(page.listings), page.state["at"], page.whole, page.problems) for page in pages] == [
        (1000, 1, False, ()),
        (1000, 2, True, ("bad",)),
    ]


def test_nothing_is_one_page_all_the_same() -> None:
    (page,) = split_pages((), (), before={}, after={"at": 2}, whole=True)
    assert (page.listings, page.state, page.whole) == ((), {"at": 2}, True)


def test_nothing_where_something_must_be_is_an_error() -> None:
    require_some([1], "x", "empty")
    with pytest.raises(CrawlError, match="x: empty"):
        require_some([], "x", "empty")


@pytest.mark.parametrize("value", [None, 1, "", "a b", "a\u00a0b", "a\tb", "a\x00", "\ud800", "x" * 11, ["a"]])
def test_word_is_refused(value: object) -> None:
    assert as_word(value, 10) is None


def test_words_prose_and_containers_are_what_they_say() -> None:
    assert as_word("io.x/ü", 10) == "io.x/ü"
    assert as_prose("  a \n b\ud800 ", 10) == "a b"
    assert as_prose(" \n\x00 ", 10) is None
    assert as_prose(b"a", 10) is None
    assert as_prose("a" * 50, 10) == "a" * 10
    assert as_object([]) == {}
    assert as_list({}) == []
    assert stamp_of("a", None) == stamp_of("a", None) != stamp_of("aNone")


def test_service_is_asked_no_sooner_than_it_likes(visitor: Visitor) -> None:
    with serve_answers(lambda *_: {}) as answers:
        service = Service(visitor.web, {"X-Own": "1"}, pause=0.1)
        began = time.monotonic()
        for number in range(3):
            service.ask(answers.address, {"n": number, "none": None})
        assert time.monotonic() - began >= 0.2
    assert [query for _, query in answers.asked] == [{"n": "0"}, {"n": "1"}, {"n": "2"}]
    assert {headers["x-own"] for headers in answers.headers} == {"1"}


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b"1" * 10_000])
def test_what_is_no_object_is_an_error(visitor: Visitor, body: bytes) -> None:
    with serve_answers(lambda *_: body) as answers, pytest.raises(CrawlError, match="is no JSON object"):
        Service(visitor.web).ask(answers.address, {})
