"""How fast a host is asked, and that it is left alone when it wants to be."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawler.web import Web
from tests.standins.bad_server import BadServer, answers, says
from tests.standins.quick_web import failure, quick

OK = answers(200, b"here")


@pytest.mark.parametrize("status", [429, 403, 503])
def test_a_host_that_names_a_time_is_asked_again_after_it(server: BadServer, web: Web, status: int) -> None:
    assert web.get(server.on("/", answers(status, headers={"Retry-After": "1"}), OK)).body == b"here"
    assert server.asked[1].at - server.asked[0].at >= 0.99


def test_retry_after_may_be_a_date(server: BadServer, web: Web) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    assert web.get(server.on("/", answers(429, headers={"Retry-After": later}), OK)).body == b"here"
    assert server.asked[1].at - server.asked[0].at >= 0.9


def test_a_used_up_allowance_is_a_rate_limit_with_its_reset(server: BadServer, web: Web) -> None:
    reset = int(time.time()) + 3600
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    error = failure(web, server.on("/", answers(403, headers=spent)))
    assert (error.cause, server.times("/")) == ("rate limited", 1)
    assert error.retry_at is not None
    assert abs(error.retry_at.timestamp() - reset) <= 2
    assert f"{error.retry_at:%H:%M:%S}" in error.reason


def test_a_host_that_wants_to_be_left_alone_is_left_alone_by_all(server: BadServer, web: Web) -> None:
    failure(web, server.on("/limited", answers(429, headers={"Retry-After": "3600"})))
    error = failure(web, server.on("/other", OK))
    assert (error.cause, server.times("/other")) == ("rate limited", 0)
    assert error.retry_at is not None
    assert error.retry_at > datetime.now(UTC) + timedelta(seconds=3500)


@pytest.mark.parametrize("text", ["soon", "-1", "1e9", "٣", "9" * 5000, "Wed, 99 Foo 2026 99:99:99 GMT", ""])
def test_a_retry_after_that_says_nothing_is_passed_over(server: BadServer, web: Web, text: str) -> None:
    behaviour = says(f"HTTP/1.1 429 No\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n".encode())
    assert web.get(server.on("/", behaviour, OK)).body == b"here"


def test_no_more_requests_than_allowed_are_under_way_at_one_host(server: BadServer) -> None:
    url = server.on("/", answers(200, b"here", wait=0.02))
    with Web(quick(per_host=3)) as web, ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: web.get(url), range(24)))
    assert server.most_at_once == 3


def test_no_more_requests_than_allowed_are_under_way_at_all_hosts(server: BadServer) -> None:
    server.on("/", answers(200, b"here", wait=0.02))
    urls = [f"http://{host}:{server.port}/" for host in ("127.0.0.1", "localhost")] * 8
    with Web(quick(at_once=3)) as web, ThreadPoolExecutor(12) as pool:
        list(pool.map(web.get, urls))
    assert server.most_at_once == 3


def test_requests_to_one_host_keep_the_rate(server: BadServer) -> None:
    url = server.on("/", OK)
    with Web(quick(rate=20)) as web, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: web.get(url), range(8)))
    moments = sorted(asked.at for asked in server.asked)
    assert moments[-1] - moments[0] >= 7 / 20 - 0.02
