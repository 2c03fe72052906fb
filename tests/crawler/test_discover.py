"""Discovery: what sources list is kept page by page, withdrawn when it is gone, and looked at when it changed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from catalog.models import listings, packages, servers, sources
from catalog.report import StageReport
from crawler.discover import DiscoverSetting, discover
from crawler.errors import FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.target import Target, TargetKind
from crawler.web import Web, WebSetting

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 2, tzinfo=UTC)
AT, THEN = NOW.isoformat(), LATER.isoformat()

Visit = Callable[..., StageReport]


def listing(name: str, version: str = "1.0.0", **more: Any) -> Listing:
    return Listing(name, packages=(Target(TargetKind.NPM, name, version),), stamp=version, **more)


def source_of(*pages: Page | Exception, **more: Any) -> Source:
    def read(setting: SourceSetting) -> Iterator[Page]:
        for page in pages[setting.state.get("page", 0) :]:
            if isinstance(page, Exception):
                raise page
            yield page

    return Source("made-up", "Made up", read, "none", **more)


@pytest.fixture
def visit(engine: Engine, cache: ArchiveCache) -> Iterator[Visit]:
    with Web(WebSetting()) as web:

        def go(source: Source, now: datetime = NOW) -> StageReport:
            return discover([(source, None)], DiscoverSetting(engine, web, cache, now, {}))

        yield go


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(table)).mappings())


def due(engine: Engine) -> dict[str, str | None]:
    return {row["target"]: row["due_at"] for row in rows(engine, packages)}


def not_due(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(packages.update().values(due_at=None))


def test_what_was_listed_before_a_failure_is_kept_and_the_walk_goes_on_there(engine: Engine, visit: Visit) -> None:
    first, second = Page((listing("one"),), {"page": 1}), Page((listing("two"),), {"page": 0}, whole=True)
    report = visit(source_of(first, FetchError("x", "connection lost")))
    assert (report.done, report.failed, report.problems) == (1, 1, ("made-up: connection lost",))
    assert rows(engine, sources)[0]["problem"] == "connection lost"
    report = visit(source_of(first, second))
    assert report.done == 1
    assert due(engine) == {"npm:one@1.0.0": AT, "npm:two@1.0.0": AT}
    assert rows(engine, sources)[0]["problem"] is None


def test_listing_that_says_nothing_new_is_not_due_again(engine: Engine, visit: Visit) -> None:
    page = Page((listing("one"), listing("two")), {}, whole=True)
    visit(source_of(page))
    not_due(engine)
    visit(source_of(page), LATER)
    assert set(due(engine).values()) == {None}
    visit(source_of(Page((listing("one", "1.1.0"), listing("two")), {}, whole=True)), LATER)
    assert due(engine) == {"npm:one@1.1.0": THEN, "npm:two@1.0.0": None}


def test_what_a_whole_walk_no_longer_meets_is_withdrawn_and_comes_back(engine: Engine, visit: Visit) -> None:
    both = Page((listing("one"), listing("two")), {}, whole=True)
    visit(source_of(both))
    visit(source_of(Page((listing("one"),), {}, whole=True)), LATER)
    assert {row["key"]: row["withdrawn_at"] for row in rows(engine, listings)} == {"one": None, "two": THEN}
    assert due(engine)["npm:two@1.0.0"] is None
    assert len(rows(engine, servers)) == 2
    visit(source_of(both), LATER)
    assert {row["withdrawn_at"] for row in rows(engine, listings)} == {None}
    assert due(engine)["npm:two@1.0.0"] == THEN


def test_page_that_is_not_the_whole_withdraws_nothing(engine: Engine, visit: Visit) -> None:
    visit(source_of(Page((listing("one"), listing("two")), {}, whole=True)))
    visit(source_of(Page((listing("one", "2.0.0"),), {})), LATER)
    assert {row["withdrawn_at"] for row in rows(engine, listings)} == {None}


def test_tombstone_withdraws_one_listing(engine: Engine, visit: Visit) -> None:
    visit(source_of(Page((listing("one"), listing("two")), {}, whole=True)))
    visit(source_of(Page((replace(listing("one"), withdrawn=True),), {})), LATER)
    assert {row["key"]: row["withdrawn_at"] for row in rows(engine, listings)} == {"one": THEN, "two": None}
    assert due(engine) == {"npm:one@1.0.0": None, "npm:two@1.0.0": AT}


def test_same_entry_twice_on_a_page_is_one_listing(engine: Engine, visit: Visit) -> None:
    visit(source_of(Page((listing("one"), listing("one")), {}, whole=True)))
    assert len(rows(engine, listings)) == 1


def test_second_place_of_a_server_waits(engine: Engine, visit: Visit) -> None:
    visit(source_of(Page((listing("one", repository="https://github.com/quiet/one"),), {}, whole=True)))
    assert due(engine) == {"npm:one@1.0.0": AT, "github:quiet/one": None}


def test_source_without_its_key_or_place_is_a_problem_not_a_crash(engine: Engine, visit: Visit) -> None:
    report = visit(source_of(key_variable="NO_SUCH_KEY", needs_key=True))
    assert report.problems == ("made-up: needs a key of yours; set NO_SUCH_KEY",)
    report = visit(source_of(needs_where=True))
    assert report.problems == ("made-up: needs to know where; write made-up:WHERE",)
    assert [row["problem"] for row in rows(engine, sources)] == []


def test_problems_of_a_page_are_told(visit: Visit) -> None:
    report = visit(source_of(Page((), {}, whole=True, problems=("entry 3 has no name",))))
    assert report.problems == ("made-up: entry 3 has no name",)
