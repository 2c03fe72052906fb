"""When a place is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import FetchError
from crawler.schedule import due_after_failure, due_after_look
from crawler.target import parse_target
from crawler.web import WebError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MOVING = parse_target("github:quiet-works/lantern")


def hours_until(at: str | None) -> float:
    assert at is not None
    return (datetime.fromisoformat(at) - NOW) / timedelta(hours=1)


@pytest.mark.parametrize("text", ["npm:lantern@1.0.0", "pypi:lantern==1.0", f"github:a/b@{'a' * 40}"])
def test_what_cannot_change_is_not_looked_at_again(text: str) -> None:
    assert due_after_look(parse_target(text), 24, changed=False, now=NOW).at is None


@pytest.mark.parametrize("text", ["npm:lantern", "npm:lantern@1", "pypi:lantern", "github:a/b@v1", "tools:x.json"])
def test_what_may_change_is(text: str) -> None:
    assert due_after_look(parse_target(text), 24, changed=False, now=NOW).at is not None


def test_exact_version_that_lacked_a_dependency_is_looked_at_again() -> None:
    fixed = parse_target("npm:lantern@1.0.0")
    assert due_after_look(fixed, 24, changed=False, unfinished=True, now=NOW).at is not None


def test_looks_come_closer_where_things_change_and_further_apart_where_not() -> None:
    hours = 24.0
    for _ in range(12):
        hours = due_after_look(MOVING, hours, changed=True, now=NOW).hours
    assert hours == 1.0
    for _ in range(30):
        due = due_after_look(MOVING, hours, changed=False, now=NOW)
        hours = due.hours
    assert hours == 30 * 24
    assert 30 * 24 <= hours_until(due.at) <= 30 * 24 * 1.25


def test_targets_looked_at_together_part_ways() -> None:
    targets = [parse_target(f"npm:server-{n}") for n in range(50)]
    due = {due_after_look(target, 24, changed=False, now=NOW).at for target in targets}
    assert len(due) > 40


def test_failures_wait_longer_each_time() -> None:
    error = FetchError("x", "y", cause="timed out")
    waits = [hours_until(due_after_failure(MOVING, 24, error, n, NOW).at) for n in (1, 2, 3, 8, 40)]
    assert waits == sorted(waits)
    assert 1 <= waits[0] <= 1.25
    assert waits[-1] <= 30 * 24 * 1.25


def test_what_will_not_pass_by_waiting_is_tried_once_a_week_at_most() -> None:
    gone = FetchError("x", "no such package", cause="not found")
    assert hours_until(due_after_failure(MOVING, 24, gone, 1, NOW).at) >= 7 * 24


def test_server_that_says_when_is_believed() -> None:
    limited = WebError("x", "limited", cause="rate limited", retry_at=NOW + timedelta(minutes=7))
    assert hours_until(due_after_failure(MOVING, 24, limited, 1, NOW).at) == pytest.approx(7 / 60)
