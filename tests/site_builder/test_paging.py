"""A long list comes out a page at a time, whole, and each page knows its neighbours."""

from hypothesis import given
from hypothesis import strategies as st

from site_builder.paging import ROWS_A_PAGE, LongList, Part


def cut(rows: range, total: int | None) -> list[Part[int]]:
    pages: LongList[int] = LongList("lists/all", total)
    parts = [part for row in rows if (part := pages.add(row))]
    return [*parts, pages.finish()]


@given(st.integers(0, 3 * ROWS_A_PAGE + 2))
def test_parts_put_together_are_the_list(count: int) -> None:
    parts = cut(range(count), count)
    assert [row for part in parts for row in part.rows] == list(range(count))
    assert all(0 < len(part.rows) <= ROWS_A_PAGE for part in parts[:-1])
    assert len(parts[-1].rows) > 0 or count == 0
    assert len({part.path for part in parts}) == len(parts)


def test_short_list_has_one_page_and_no_pager() -> None:
    for count in (0, 1, ROWS_A_PAGE):
        (part,) = cut(range(count), count)
        assert (part.path, part.pager) == ("lists/all/index.html", None)


def test_pages_lead_to_each_other() -> None:
    first, second, third = (part.pager for part in cut(range(2 * ROWS_A_PAGE + 1), 2 * ROWS_A_PAGE + 1))
    assert first
    assert second
    assert third
    assert (first.says, first.previous, first.following) == ("1 to 400 of 801", None, "../../lists/all/2/index.html")
    assert (second.previous, second.following) == (
        "../../../lists/all/index.html",
        "../../../lists/all/3/index.html",
    )
    assert (third.says, third.following) == ("801 to 801 of 801", None)


def test_list_of_unknown_length_says_only_what_it_shows() -> None:
    first, second = (part.pager for part in cut(range(ROWS_A_PAGE + 1), None))
    assert first
    assert second
    assert (first.says, second.says) == ("1 to 400", "401 to 401")


def test_list_that_grew_since_it_was_counted_is_still_whole() -> None:
    parts = cut(range(ROWS_A_PAGE + 5), 3)
    assert sum(len(part.rows) for part in parts) == ROWS_A_PAGE + 5
    assert parts[1].pager
    assert parts[1].pager.says == "401 to 405 of 405"
