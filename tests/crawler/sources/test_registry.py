from datetime import timedelta
from typing import Any

import pytest

from crawler.errors import CrawlError
from crawler.sources.registry import OFFICIAL, SOURCE
from crawler.target import TargetKind
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
from tests.standins.serve import StandIns

META = "io.modelcontextprotocol.registry/official"


def entry(name: object = "com.example/one", updated: object = "2026-11-01T10:00:00Z", **about: Any) -> dict[str, Any]:
    return {"server": {"name": name, "version": "1.0.0"}, "_meta": {META: {"updatedAt": updated, **about}}}


def answer(*entries: object, cursor: object = None) -> dict[str, Any]:
    return {"servers": list(entries), "metadata": {"nextCursor": cursor}}


def test_first_walk_lists_every_server_once_and_only_its_end_is_whole(visitor: Visitor, standins: StandIns) -> None:
    pages = visitor.visit(SOURCE, standins.address)
    found = listed(pages)
    servers = [standins.server(number) for number in range(0, SERVERS, 60)]
    assert sum(len(page.listings) for page in pages) == len(found) > 800
    assert [page.whole for page in pages] == [False] * (len(pages) - 1) + [True]
    assert problems(pages) == []
    for server in (server for server in servers if server["in_registry"]):
        listing = found[server["registry_name"]]
        assert listing.repository_id == f"github:{server['repository_id']}"
        assert listing.subfolder == server["subfolder"]
        packages = [(target.name, target.version) for target in listing.packages]
        assert packages == ([(server["package"], server["version"])] if server["package"] else [])
    kinds = {target.kind for listing in found.values() for target in listing.packages}
    assert kinds == {TargetKind.NPM, TargetKind.PYPI}
    assert any(place.startswith("oci:") for listing in found.values() for place in listing.elsewhere)
    assert not any(listing.vouched for listing in found.values())


def test_killed_walk_goes_on_where_it_was(visitor: Visitor, standins: StandIns) -> None:
    whole = listed(visitor.visit(SOURCE, standins.address))
    begun = visitor.start(SOURCE, standins.address)
    before = [next(begun), next(begun)]
    asked = standins.counts()["registry"]
    rest = visitor.visit(SOURCE, standins.address, state=last_state(before))
    assert listed(before) | listed(rest) == whole
    assert not listed(before).keys() & listed(rest).keys()
    assert standins.counts()["registry"] - asked == len(rest)
    assert rest[-1].whole


def test_later_visit_asks_only_for_what_changed_and_sees_what_was_withdrawn(
    visitor: Visitor, standins: StandIns
) -> None:
    first = visitor.visit(SOURCE, standins.address)
    changes = standins.evolve(0.02)
    later = visitor.visit(SOURCE, standins.address, state=last_state(first))
    found = listed(later)
    numbers = {*changes["changed"], *changes["new"], *changes["withdrawn"]}
    servers = [standins.server(number) for number in numbers]
    assert found.keys() >= {server["registry_name"] for server in servers if server["in_registry"]}
    assert len(found) < 150
    assert {key for key, listing in found.items() if listing.withdrawn} == {
        server["registry_name"] for server in servers if server["withdrawn"] and server["in_registry"]
    }
    assert not any(page.whole for page in later)
    changed = next(server for server in servers if server["number"] in changes["changed"] and server["in_registry"])
    name = changed["registry_name"]
    assert found[name].stamp != listed(first)[name].stamp


def test_next_walk_begins_an_hour_before_the_last_change_whatever_our_clock_says(visitor: Visitor) -> None:
    def reply(_path: str, _query: Query) -> object:
        return answer(entry(updated="2026-11-01T10:00:00.123456789Z"), entry("com.example/two", "2026-10-01T00:00:00Z"))

    with serve_answers(reply) as service:
        first = visitor.visit(SOURCE, service.address, now=NOW)
        state = last_state(first)
        assert state == {"updated_since": "2026-11-01T09:00:00Z"}
        later = visitor.visit(SOURCE, service.address, state=state, now=NOW - timedelta(days=400))
        assert service.asked[1] == (
            "/v0.1/servers",
            {"limit": "100", "version": "latest", "updated_since": "2026-11-01T09:00:00Z"},
        )
        # All changes lie in the future of a clock that was set back, and count for nothing; none is skipped.
        assert last_state(later) == state


def test_change_in_the_far_future_hides_no_later_ones(visitor: Visitor) -> None:
    with serve_answers(lambda *_: answer(entry(updated="9999-12-31T00:00:00Z"), entry("com.example/two"))) as service:
        pages = visitor.visit(SOURCE, service.address)
    assert last_state(pages) == {"updated_since": "2026-11-01T09:00:00Z"}


@pytest.mark.parametrize(
    "updated", [None, 7, "", "soon", "2026-13-01T00:00:00Z", "2026-11-20T10:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_time_that_is_none_is_passed_over(visitor: Visitor, updated: object) -> None:
    with serve_answers(lambda *_: answer(entry(updated=updated), entry("com.example/two"))) as service:
        pages = visitor.visit(SOURCE, service.address, state={"updated_since": updated, "newest": updated})
    assert last_state(pages) == {"updated_since": "2026-11-01T09:00:00Z"}
    assert len(listed(pages)) == 2


def test_registry_without_times_is_walked_whole_each_time(visitor: Visitor) -> None:
    with serve_answers(lambda *_: {"servers": [{"server": {"name": "com.example/one"}}]}) as service:
        pages = visitor.visit(SOURCE, service.address, state={})
    assert last_state(pages) == {}
    assert pages[-1].whole
    assert listed(pages).keys() == {"com.example/one"}


def test_circle_ends_the_walk_and_keeps_what_was_read(visitor: Visitor) -> None:
    def reply(_path: str, query: Query) -> object:
        cursor = query.get("cursor", "")
        return answer(entry(f"com.example/s{cursor}"), cursor={"": "a", "a": "b", "b": "a"}[cursor])

    with serve_answers(reply) as service:
        pages, error = until_error(visitor.start(SOURCE, service.address), CrawlError)
        assert len(service.asked) == 3
    assert listed(pages).keys() == {"com.example/s", "com.example/sa", "com.example/sb"}
    assert "leads in a circle" in error
    assert not any(page.whole for page in pages)


@pytest.mark.parametrize("cursor", ["x" * 2001, 7, ["a"], "two words", "a\x00b"])
def test_cursor_that_cannot_be_one_ends_the_walk(visitor: Visitor, cursor: object) -> None:
    with serve_answers(lambda *_: answer(entry(), cursor=cursor)) as service:
        pages, error = until_error(visitor.start(SOURCE, service.address), CrawlError)
    assert "cursor cannot be used" in error
    assert listed(pages).keys() == {"com.example/one"}


@pytest.mark.parametrize("kind", ["garbage", "empty"])
def test_page_that_cannot_be_read_is_an_error_and_the_walk_goes_on_there(
    visitor: Visitor, standins: StandIns, kind: str
) -> None:
    standins.set_fault("/v0.1/servers", kind, after=2, times=1)
    before, error = until_error(visitor.start(SOURCE, standins.address), CrawlError)
    assert len(before) == 2
    assert "is no JSON object" in error
    rest = visitor.visit(SOURCE, standins.address, state=last_state(before))
    standins.clear_faults()
    assert listed(before) | listed(rest) == listed(visitor.visit(SOURCE, standins.address))


def test_entries_of_wrong_types_are_problems_and_the_others_are_kept(visitor: Visitor, standins: StandIns) -> None:
    whole = listed(visitor.visit(SOURCE, standins.address))
    standins.set_fault("/v0.1/servers", "odd_types")
    pages = visitor.visit(SOURCE, standins.address)
    assert listed(pages) == whole
    assert len(problems(pages)) == 8 * len(pages)


def test_duplicates_are_listed_once_and_told_of(visitor: Visitor, standins: StandIns) -> None:
    whole = listed(visitor.visit(SOURCE, standins.address))
    standins.set_fault("/v0.1/servers", "duplicates", times=1)
    pages = visitor.visit(SOURCE, standins.address)
    assert listed(pages) == whole
    assert len(pages[0].listings) == 100
    assert len(pages[0].problems) == 100
    assert "listed twice" in pages[0].problems[0]


def test_problems_are_bounded_in_number_and_length(visitor: Visitor) -> None:
    with serve_answers(lambda *_: answer(*[entry("bad\n" * 500)] * 250, entry())) as service:
        (page,) = visitor.visit(SOURCE, service.address)
    assert len(page.problems) == 101
    assert page.problems[-1] == "and 150 more entries that could not be read"
    assert max(map(len, page.problems)) <= 300
    assert page.listings[0].key == "com.example/one"


def test_large_page_is_split_and_only_its_end_goes_on(visitor: Visitor) -> None:
    def reply(_path: str, query: Query) -> object:
        cursor = query.get("cursor")
        return answer() if cursor else answer(*(entry(f"com.example/n{n}") for n in range(2500)), cursor="next")

    with serve_answers(reply) as service:
        pages = visitor.visit(SOURCE, service.address)
    assert [len(page.listings) for page in pages] == [1000, 1000, 500, 0]
    assert [page.state.get("cursor") for page in pages] == [None, None, "next", None]


def test_half_a_character_costs_only_itself(visitor: Visitor) -> None:
    body = (
        b'{"servers":[{"server":{"name":"com.example/one","title":"a\\ud800b"}},{"server":{"name":"com.example/two"}}]}'
    )
    with serve_answers(lambda *_: body) as service:
        found = listed(visitor.visit(SOURCE, service.address))
    assert found["com.example/one"].title == "ab"
    assert "com.example/two" in found


def test_cursor_that_means_nothing_any_more_begins_the_walk_anew(visitor: Visitor) -> None:
    def reply(_path: str, query: Query) -> object:
        return 400 if query.get("cursor") == "old" else answer(entry())

    with serve_answers(reply) as service:
        pages = visitor.visit(SOURCE, service.address, state={"cursor": "old", "newest": "2026-11-02T00:00:00Z"})
        assert [query.get("cursor") for _, query in service.asked] == ["old", None]
    assert pages[-1].whole
    assert listed(pages).keys() == {"com.example/one"}


def test_refusal_without_a_cursor_is_an_error(visitor: Visitor) -> None:
    with serve_answers(lambda *_: 404) as service:
        _, error = until_error(visitor.start(SOURCE, service.address), CrawlError)
    assert "nothing here (404)" in error


@pytest.mark.parametrize("body", [b'{"items":[]}', b'{"servers":{}}', b'{"servers":null}'])
def test_other_service_is_told_apart(visitor: Visitor, body: bytes) -> None:
    with serve_answers(lambda *_: body) as service:
        _, error = until_error(visitor.start(SOURCE, service.address), CrawlError)
    assert "lists no servers" in error


def test_status_and_latest_decide_what_counts(visitor: Visitor) -> None:
    entries = (
        entry("com.example/gone", status="deleted", isLatest=True),
        entry("com.example/old", status="deleted", isLatest=False),
        entry("com.example/tired", status="deprecated"),
    )
    with serve_answers(lambda *_: answer(*entries)) as service:
        found = listed(visitor.visit(SOURCE, service.address))
    assert {key: listing.withdrawn for key, listing in found.items()} == {
        "com.example/gone": True,
        "com.example/tired": False,
    }


def test_touch_of_the_status_alone_keeps_the_stamp(visitor: Visitor) -> None:
    stamps = []
    for status, updated in (("active", "2026-11-01T10:00:00Z"), ("deprecated", "2026-11-02T10:00:00Z")):
        given = entry(updated=updated, status=status)
        with serve_answers(lambda *_, given=given: answer(given)) as service:
            stamps.append(listed(visitor.visit(SOURCE, service.address))["com.example/one"].stamp)
    assert stamps[0] == stamps[1] is not None


@pytest.mark.parametrize(
    "where", ["registry.example.com", "ftp://registry.example.com", "https://a b", "https://a?b=c"]
)
def test_place_that_is_no_address_is_refused(visitor: Visitor, where: str) -> None:
    with pytest.raises(CrawlError, match="not the address of a service"):
        visitor.visit(SOURCE, where)


def test_official_registry_is_the_usual_one() -> None:
    assert OFFICIAL == "https://registry.modelcontextprotocol.io"
