import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from crawler.errors import CrawlError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.sources.github import FIRST_DAY, SOURCE
from crawler.web import Web
from tests.crawler.sources.conftest import SERVERS
from tests.crawler.sources.visiting import (
    NOW,
    Query,
    Visitor,
    last_state,
    listed,
    problems,
    serve_answers,
    until_error,
)
from tests.standins.quick_web import quick
from tests.standins.serve import StandIns

SPAN = re.compile(r"topic:([\w-]+) pushed:(\S+)\.\.(\S+)")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def item(full_name: object, pushed: datetime = NOW, **about: Any) -> dict[str, Any]:
    usual = {"id": 7, "html_url": f"https://github.com/{full_name}", "pushed_at": written(pushed)}
    return {"full_name": full_name, **usual, **about}


class Forge:
    """A search over repositories by the second they were last pushed to."""

    def __init__(self, pushed: dict[str, datetime]) -> None:
        self.pushed = pushed
        self.windows: list[tuple[datetime, datetime]] = []
        self.incomplete = False

    def __call__(self, path: str, query: Query) -> object:
        assert path == "/search/repositories"
        match = SPAN.fullmatch(query["q"])
        assert match is not None
        first, last, page = moment(match[2]), moment(match[3]), int(query["page"])
        if page == 1:
            self.windows.append((first, last))
        if page > 10:
            return 422
        found = sorted((at, name) for name, at in self.pushed.items() if first <= at <= last)
        shown = found[(page - 1) * 100 : page * 100]
        items = [item(name, at) for at, name in shown]
        return {"total_count": len(found), "incomplete_results": self.incomplete, "items": items}


@pytest.fixture(name="crowd")
def _crowd() -> dict[str, datetime]:
    """Give 2,500 repositories, more of them the later it is."""
    span = (NOW - FIRST_DAY).total_seconds()
    return {
        f"owner/r{number}": FIRST_DAY + timedelta(seconds=round(span * (1 - (number / 2501) ** 3)))
        for number in range(1, 2501)
    }


def test_windows_are_halved_until_the_search_gives_all_of_each(visitor: Visitor, crowd: dict[str, datetime]) -> None:
    forge = Forge(crowd)
    with serve_answers(forge) as service:
        pages = visitor.visit(SOURCE, service.address)
    assert listed(pages).keys() == crowd.keys()
    assert problems(pages) == []
    assert max(len(page.listings) for page in pages) <= 1000
    stamps = [max(listing.stamp or "" for listing in page.listings) for page in pages if page.listings]
    assert stamps == sorted(stamps)
    assert forge.windows[0] == (FIRST_DAY, NOW)
    leaves = [window for at, window in enumerate(forge.windows[:-1]) if forge.windows[at + 1][0] > window[0]]
    assert all(later[0] - earlier[1] == timedelta(seconds=1) for earlier, later in pairwise(leaves))


def test_killed_walk_goes_on_behind_the_windows_that_were_read(visitor: Visitor, crowd: dict[str, datetime]) -> None:
    with serve_answers(Forge(crowd)) as service:
        begun = visitor.start(SOURCE, service.address)
        before = [next(begun), next(begun)]
    again = Forge(crowd)
    with serve_answers(again) as service:
        rest = visitor.visit(SOURCE, service.address, state=last_state(before))
    assert listed(before).keys() | listed(rest).keys() == crowd.keys()
    assert len(listed(rest)) < 2400
    assert again.windows[0][0] > FIRST_DAY


def test_later_visit_begins_a_day_before_the_last_push_that_was_seen(visitor: Visitor) -> None:
    forge = Forge({"owner/one": NOW - timedelta(days=9), "owner/two": NOW - timedelta(days=3)})
    with serve_answers(forge) as service:
        first = visitor.visit(SOURCE, service.address)
        assert last_state(first) == {"until": written(NOW - timedelta(days=3))}
        forge.pushed["owner/one"] = NOW - timedelta(days=2)
        later = visitor.visit(SOURCE, service.address, state=last_state(first))
    assert forge.windows[-1] == (NOW - timedelta(days=4), NOW)
    assert listed(later).keys() == {"owner/one", "owner/two"}
    assert listed(later)["owner/one"].stamp != listed(first)["owner/one"].stamp
    assert last_state(later) == {"until": written(NOW - timedelta(days=2))}


def test_clock_that_was_set_back_loses_nothing(visitor: Visitor) -> None:
    state = {"until": written(NOW)}
    with serve_answers(lambda *_: 500) as service:
        (page,) = visitor.visit(SOURCE, service.address, state=state, now=NOW - timedelta(days=90))
    assert (page.listings, page.state) == ((), state)


def test_second_with_too_many_gives_a_thousand_and_says_so(visitor: Visitor) -> None:
    crowded = NOW - timedelta(days=30)
    forge = Forge({f"owner/r{number}": crowded for number in range(1100)})
    with serve_answers(forge) as service:
        pages = visitor.visit(SOURCE, service.address)
    assert len(listed(pages)) == 1000
    (problem,) = problems(pages)
    assert "1100 repositories in one second, of which the search gives 1000" in problem
    assert len(forge.windows) < 100


def test_repository_that_leaves_a_window_while_it_is_read_lets_none_slip_past(visitor: Visitor) -> None:
    forge = Forge({f"owner/r{number:03}": FIRST_DAY + timedelta(hours=number) for number in range(250)})
    plain = forge.__call__

    def reply(path: str, query: Query) -> object:
        found = plain(path, query)
        forge.pushed.pop("owner/r000", None)
        return found

    with serve_answers(reply) as service:
        pages = visitor.visit(SOURCE, service.address)
    assert len(listed(pages)) == 250


def test_search_that_runs_out_of_time_is_halved_to_days_and_then_told_of(visitor: Visitor) -> None:
    forge = Forge({"owner/one": NOW - timedelta(days=1)})
    forge.incomplete = True
    with serve_answers(forge) as service:
        pages = visitor.visit(SOURCE, service.address, state={"until": written(NOW - timedelta(days=3))})
    assert listed(pages).keys() == {"owner/one"}
    assert len(pages) == len(problems(pages)) == 4
    assert "ran out of time" in problems(pages)[0]


def test_stand_in_is_listed_whole_with_its_topic_alone(visitor: Visitor, standins: StandIns) -> None:
    found = listed(visitor.visit(SOURCE, f"{standins.address}/github"))
    servers = [standins.server(number) for number in range(0, SERVERS, 40)]
    expected = {server["repository"] for server in servers if server["in_topic"]}
    assert expected
    assert expected <= found.keys()
    assert not found.keys() & {server["repository"] for server in servers if not server["in_topic"]}
    for server in (server for server in servers if server["in_topic"]):
        listing = found[server["repository"]]
        assert listing.repository == f"https://github.com/{server['repository']}"
        assert listing.repository_id == f"github:{server['repository_id']}"
        assert listing.stamp
    assert visitor.visit(SOURCE, f"{standins.address}/github#other")[-1].listings == ()


def test_key_is_sent_and_a_wrong_one_is_an_error(visitor: Visitor, standins: StandIns) -> None:
    standins.set_settings(token="right")
    assert listed(visitor.visit(SOURCE, f"{standins.address}/github", key="right"))
    _, error = until_error(visitor.start(SOURCE, f"{standins.address}/github", key="wrong-word"), CrawlError)
    assert "answered 401" in error
    assert "wrong-word" not in error


def test_limit_that_is_used_up_is_an_error(standins: StandIns, cache: ArchiveCache) -> None:
    standins.set_settings(limit=0)
    # A web of its own: it remembers that the host wants to be left alone.
    with Web(quick()) as web:
        pages, error = until_error(Visitor(web, cache).start(SOURCE, f"{standins.address}/github"), CrawlError)
    assert pages == []
    assert "too many requests" in error


@pytest.mark.parametrize(
    "odd",
    [1, None, "x", [], {}, item("no-slash"), item(7), item("a/b/c"), item("owner/x y"), item("-o/x")],
)
def test_entry_that_is_no_repository_is_a_problem(visitor: Visitor, odd: object) -> None:
    with serve_answers(lambda *_: {"total_count": 2, "items": [odd, item("owner/one")]}) as service:
        pages = visitor.visit(SOURCE, service.address)
    assert listed(pages).keys() == {"owner/one"}
    assert len(problems(pages)) == 1


def test_private_repositories_are_passed_over_and_odd_fields_left_out(visitor: Visitor) -> None:
    items = [
        item("owner/secret", private=True),
        item("owner/old", archived=True, id=True, html_url=7, description=["x"], name={}),
    ]
    with serve_answers(lambda *_: {"total_count": 2, "items": items}) as service:
        found = listed(visitor.visit(SOURCE, service.address))
    assert found.keys() == {"owner/old"}
    old = found["owner/old"]
    assert (old.repository_id, old.repository, old.title, old.description) == (
        None,
        "https://github.com/owner/old",
        None,
        None,
    )


@pytest.mark.parametrize("answer", [{}, {"items": [], "total_count": "1"}, {"items": {}, "total_count": 1}])
def test_answer_of_another_service_is_an_error(visitor: Visitor, answer: object) -> None:
    with serve_answers(lambda *_: answer) as service:
        _, error = until_error(visitor.start(SOURCE, service.address), CrawlError)
    assert "is no search's" in error


@pytest.mark.parametrize("where", ["Two Words", "a" * 51, "https://api.example.com#x:y", "-x", "stars:>1"])
def test_topic_that_is_none_is_refused(visitor: Visitor, where: str) -> None:
    with pytest.raises(CrawlError, match="not a topic"):
        visitor.visit(SOURCE, where)


def test_hostile_total_does_not_go_on_forever(visitor: Visitor) -> None:
    def items() -> Iterator[dict[str, Any]]:
        return (item(f"owner/r{number}", datetime(2026, 11, 28, tzinfo=UTC)) for number in range(500))

    with serve_answers(lambda *_: {"total_count": 900, "items": list(items())}) as service:
        pages = visitor.visit(SOURCE, service.address)
        assert len(service.asked) == 9
    assert len(listed(pages)) == 100
