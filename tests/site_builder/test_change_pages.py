"""Changes by day: each on the page of its day, notable ones first, linked where there is a page."""

from collections.abc import Iterable
from typing import Any

from catalog.history import ToolChange
from site_builder.change_pages import ChangedTools, ChangesPage, DayPage, make_change_pages
from site_builder.changes import Pages
from site_builder.environment import make_renderer
from tests.site_builder.building import make_briefs
from tests.site_builder.catalog_factory import make_catalog
from tests.site_builder.change_factory import make_change, make_changes, make_removal

NOTABLE: dict[str, Any] = {"description_changed": True, "schema_changed": False}


def pages_of(changes: Iterable[ToolChange], pages: Pages | None = None) -> tuple[dict[str, DayPage], ChangesPage]:
    days: dict[str, DayPage] = {}
    for path, page in make_change_pages(changes, pages or {}, ""):
        if isinstance(page, ChangesPage):
            return days, page
        days[path] = page
    raise AssertionError("there is no page of all days")


def at(date: str, hour: int = 8) -> str:
    return f"{date}T{hour:02d}:00:00+00:00"


def test_each_day_has_a_page_and_is_listed_newest_first() -> None:
    days, index = pages_of(make_changes())
    assert list(days) == ["changes/2026-11-18/index.html", "changes/2026-11-17/index.html"]
    assert [(row.day, row.count, row.notable) for row in index.days] == [
        ("2026-11-18", "1 change", "1 notable"),
        ("2026-11-17", "7 changes", ""),
    ]
    assert index.count == "8 changes"
    assert sum(len(page.notable) + len(page.other) for page in days.values()) == 8


def test_notable_changes_come_first() -> None:
    found = [
        make_change(tool="quiet", at=at("2026-11-17", 9)),
        make_change(tool="loud", at=at("2026-11-17"), **NOTABLE),
    ]
    days, index = pages_of(found)
    (page,) = days.values()
    assert [row.tool.label for row in page.notable] == [row.tool.label for row in index.notable] == ["loud"]
    assert [row.tool.label for row in page.other] == ["quiet"]
    text = make_renderer()("pages/change_day.html", page)
    assert text.index("loud") < text.index("quiet")


def test_day_with_many_changes_goes_on_over_pages() -> None:
    many = [make_change(tool=f"tool_{number}", at=at("2026-11-17")) for number in range(950)]
    days, index = pages_of([*many, make_change(at=at("2026-11-16"))])
    assert [path.removeprefix("changes/2026-11-1") for path in days] == [
        *("7/index.html", "7/2/index.html", "7/3/index.html", "6/index.html"),
    ]
    assert [len(page.other) for page in days.values()] == [400, 400, 150, 1]
    assert index.days[0].count == "950 changes"


def test_what_two_places_of_a_server_noticed_together_is_told_once() -> None:
    days, index = pages_of([make_change(), make_change()])
    (page,) = days.values()
    assert len(page.other) == 1
    assert index.count == "1 change"


def test_many_notable_changes_are_cut_and_the_cut_is_said() -> None:
    found = [make_change(tool=f"t{number}", **NOTABLE) for number in range(130)]
    _, index = pages_of(found)
    assert (len(index.notable), index.notable_more) == (100, "30 earlier ones")


def test_many_days_are_cut_and_the_cut_is_said() -> None:
    dates = [
        f"{year}-{month:02d}-{date:02d}"
        for year in (2026, 2025)
        for month in range(12, 0, -1)
        for date in range(28, 0, -1)
    ]
    _, index = pages_of(make_change(at=at(date)) for date in dates)
    assert (len(index.days), index.days_more) == (400, f"{len(dates) - 400} earlier days")


def test_tool_and_server_are_linked_where_they_have_a_page() -> None:
    changes = [make_change(), make_removal("paperboat-mail", "forward_mail"), make_change("moved-away", "sing")]
    changed = ChangedTools(changes)
    for brief in make_briefs(make_catalog()):
        changed.add(brief)
    assert ("corner-shop", "") not in changed.pages
    days, _ = pages_of(changes, changed.pages)
    (page,) = days.values()
    links = {row.tool.label: (row.tool.href, row.server.href) for row in page.other}
    mail = "servers/paperboat-mail/index.html"
    assert links == {
        "send_mail": ("servers/paperboat-mail/send_mail/index.html", mail),
        "forward_mail": (None, mail),
        "sing": (None, None),
    }


def test_page_of_all_days_leads_to_the_feed_and_says_when_nothing_happened() -> None:
    days, index = pages_of([])
    assert days == {}
    text = make_renderer()("pages/changes.html", index)
    assert '<a class="feed" href="../feed.xml"' in text
    assert "No tool has been seen to change yet." in text


def test_changes_are_taken_as_they_stream() -> None:
    def stream() -> Iterable[ToolChange]:
        for number in range(2_000):
            taken.append(number)
            yield make_change(tool=f"t{number}", at=f"2026-11-17T08:{number % 60:02d}:00+00:00")

    taken: list[int] = []
    next(iter(make_change_pages(stream(), {}, "")))
    assert len(taken) <= 402
