"""What happened to tools, day by day: a page of days with what is notable, and pages of each day.

Not for telling what changed: changes.py makes the rows. No more than a page of changes is held at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from catalog.history import ToolChange
from site_builder import urls
from site_builder.brief import ServerBrief
from site_builder.changes import Pages, make_change_rows, tell_once
from site_builder.frames import make_frame
from site_builder.listing_pages import FEED_TITLE
from site_builder.paging import LongList, Part, locate_part
from site_builder.parts import ChangeRow, Frame, Link, Pager
from site_builder.wording import day, plural

CHANGES = "changes/index.html"
CHANGES_SHOWN = 100_000  # newest; a catalog that is looked at for years has ever more
_NOTABLE_SHOWN = 100
_DAYS_SHOWN = 400


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day on which something happened; its address starts at the root of the site."""

    day: str
    href: str
    count: str
    notable: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The days on which something happened, and the newest notable changes."""

    frame: Frame
    count: str
    notable: tuple[ChangeRow, ...]
    notable_more: str
    days: tuple[DayRow, ...]
    days_more: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """What happened on one day, notable things first."""

    frame: Frame
    day: str
    notable: tuple[ChangeRow, ...]
    other: tuple[ChangeRow, ...]
    pager: Pager | None


@dataclass(slots=True)
class _Found:
    """What the page of days shows, gathered while the days are told."""

    days: list[tuple[str, int, int]]
    notable: list[ToolChange]


class ChangedTools:
    """Where the pages of changed tools are: knows which tools to look out for, and looks at servers as they come by."""

    def __init__(self, changes: Iterable[ToolChange]) -> None:
        self.pages: dict[tuple[str, str], str] = {}
        self._wanted: Mapping[str, set[str]] = _names_by_server(changes)

    def add(self, server: ServerBrief) -> None:
        """Locate a server's page and those of its changed tools, if any of them changed."""
        wanted = self._wanted.get(server.slug)
        if wanted is None:
            return
        self.pages[server.slug, ""] = urls.server_page(server.slug)
        for tool in server.tools:
            if tool.name in wanted:
                self.pages[server.slug, tool.name] = urls.tool_page(server.slug, tool.slug)


def make_change_pages(
    changes: Iterable[ToolChange], pages: Pages, base_url: str
) -> Iterator[tuple[str, DayPage | ChangesPage]]:
    """Make pages of the days on which something happened, then the page of all days; each with its path.

    `changes` stream newest first; `pages` locates servers and tools that have a page.
    """
    found = _Found([], [])
    for date, of_day in groupby(changes, key=lambda change: day(change.at)):
        yield from _tell_day(date, of_day, pages, base_url, found)
    yield CHANGES, _make_changes_page(found, pages, base_url)


def day_page(date: str, number: int = 1) -> str:
    """Locate a page of what happened on a day."""
    return locate_part(f"changes/{date}", number)


def _tell_day(
    date: str, of_day: Iterable[ToolChange], pages: Pages, base_url: str, found: _Found
) -> Iterator[tuple[str, DayPage]]:
    rows: LongList[ToolChange] = LongList(f"changes/{date}")
    count = notable = 0
    for change in _once(of_day):
        count += 1
        if change.is_notable:
            notable += 1
            if len(found.notable) < _NOTABLE_SHOWN:
                found.notable.append(change)
        if part := rows.add(change):
            yield part.path, _make_day(date, part, pages, base_url)
    part = rows.finish()
    yield part.path, _make_day(date, part, pages, base_url)
    found.days.append((date, count, notable))


def _once(changes: Iterable[ToolChange]) -> Iterator[ToolChange]:
    # What is the same change was noticed at the same time: nothing has to be remembered longer.
    for _, together in groupby(changes, key=lambda change: change.at):
        yield from tell_once(together)


def _make_day(date: str, part: Part[ToolChange], pages: Pages, base_url: str) -> DayPage:
    summary = f"Tools of MCP servers that were seen to appear, to change or to go on {date}, notable ones first."
    return DayPage(
        frame=make_frame(f"Changes of {date}", summary, part.path, "changes", base_url),
        day=date,
        notable=make_change_rows((one for one in part.rows if one.is_notable), pages),
        other=make_change_rows((one for one in part.rows if not one.is_notable), pages),
        pager=part.pager,
    )


def _make_changes_page(found: _Found, pages: Pages, base_url: str) -> ChangesPage:
    unshown = sum(notable for _, _, notable in found.days) - len(found.notable)
    feed = Link(FEED_TITLE, urls.way_up(CHANGES) + urls.FEED)
    summary = "What was seen to change in the tools of MCP servers, day by day, notable changes first."
    days = found.days[:_DAYS_SHOWN]
    earlier = len(found.days) - len(days)
    return ChangesPage(
        frame=make_frame("Changes", summary, CHANGES, "changes", base_url, feed),
        count=plural(sum(count for _, count, _ in found.days), "change"),
        notable=make_change_rows(found.notable, pages),
        notable_more=plural(unshown, "earlier one") if unshown else "",
        days=tuple(
            DayRow(date, day_page(date), plural(of_day, "change"), f"{notable_then:,} notable" if notable_then else "")
            for date, of_day, notable_then in days
        ),
        days_more=plural(earlier, "earlier day") if earlier else "",
    )


def _names_by_server(changes: Iterable[ToolChange]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        names[change.server].add(change.tool)
    return dict(names)
