"""Long lists, cut into pages while their rows arrive one by one. Not for making the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from site_builder import urls
from site_builder.parts import Link, Pager

ROWS_A_PAGE = 400

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The rows of one page of a list, where the page is, and the way to the pages beside it."""

    path: str
    rows: tuple[T, ...]
    pager: Pager | None


class LongList(Generic[T]):
    """A list of rows that is given out a page at a time: no more than one page of it is held.

    `folder` is where its pages stand, `total` how many rows it will have, if that is known.
    """

    def __init__(self, folder: str, total: int | None = None) -> None:
        self._folder = folder
        self._total = total
        self._number = 1
        self._rows: list[T] = []

    def add(self, row: T) -> Part[T] | None:
        """Take a row in; when it begins a new page, give the page before it."""
        # A full page waits for the next row: only then is it known that there is something to lead to.
        part = self._cut(goes_on=True) if len(self._rows) == ROWS_A_PAGE else None
        self._rows.append(row)
        return part

    def finish(self) -> Part[T]:
        """Give the last page; a list without rows has one, which is empty."""
        return self._cut(goes_on=False)

    def _cut(self, *, goes_on: bool) -> Part[T]:
        number, rows = self._number, tuple(self._rows)
        path = locate_part(self._folder, number)
        self._number, self._rows = number + 1, []
        return Part(path, rows, self._pager(number, len(rows), urls.way_up(path), goes_on=goes_on))

    def _pager(self, number: int, rows: int, root: str, *, goes_on: bool) -> Pager | None:
        if number == 1 and not goes_on:
            return None
        before = (number - 1) * ROWS_A_PAGE
        says = f"{before + 1:,} to {before + rows:,}"
        return Pager(
            says if self._total is None else f"{says} of {max(self._total, before + rows):,}",
            root + locate_part(self._folder, number - 1) if number > 1 else None,
            root + locate_part(self._folder, number + 1) if goes_on else None,
        )


def cut_list(folder: str, rows: Sequence[T], total: int, search: str = "") -> list[Part[T]]:
    """Cut rows into the pages of the list that stands in `folder`.

    `total` says how many rows there are in all, `search` is the search's query for those that are not among `rows`.
    """
    pages: LongList[T] = LongList(folder, total)
    parts = [*(part for row in rows if (part := pages.add(row))), pages.finish()]
    last, unshown = parts[-1], total - len(rows)
    if last.pager and unshown > 0:
        address = f"{urls.way_up(last.path)}{urls.SEARCH}{'?' if search else ''}{search}"
        pager = replace(last.pager, more=Link(f"Search the other {unshown:,}", address))
        parts[-1] = replace(last, pager=pager)
    return parts


def locate_part(folder: str, number: int = 1) -> str:
    """Locate a page of the list that stands in `folder`."""
    return f"{folder}/index.html" if number == 1 else f"{folder}/{number}/index.html"
