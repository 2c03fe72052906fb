"""What is tried again, how often, and what is not: every way in which a server fails."""

import gzip
import socket
import time
from typing import Any

import pytest

from crawler.web import Web
from tests.standins.bad_server import BadServer, answers, drips, keeps_silent, says
from tests.standins.quick_web import ShiftyResolver, failure, quick

OK = answers(200, b"here")


def test_nobody_listening_is_out_of_reach_after_all_tries(web: Web) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = failure(web, f"http://127.0.0.1:{port}/")
    assert (error.cause, error.transient) == ("out of reach", True)


@pytest.mark.parametrize(("number", "times"), [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, 3)])
def test_a_name_is_asked_for_again_unless_there_is_none_like_it(number: int, times: int) -> None:
    resolver = ShiftyResolver(socket.gaierror(number, "no"))
    with Web(quick(), resolver) as web:
        error = failure(web, "http://far.test/")
    assert (error.cause, resolver.asked) == ("out of reach", times)
    assert "name" in error.reason


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
UNANSWERED = (says(b""), says(b"", reset=True))
TRUNCATED = gzip.compress(bytes(range(256)) * 50)[:60]


def compressed(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        pytest.param(UNANSWERED[0], "connection lost", id="hangs up at once"),
        pytest.param(UNANSWERED[1], "connection lost", id="reset at once"),
        pytest.param(says(HEAD + b"half", reset=True), "connection lost", id="reset in the body"),
        pytest.param(says(HEAD + b"half"), "damaged", id="shorter than announced"),
        pytest.param(says(CHUNKED + b"5\r\nhello\r\n"), "damaged", id="chunks without an end"),
        pytest.param(says(compressed(TRUNCATED)), "damaged", id="truncated gzip"),
        pytest.param(says(compressed(b"this is no gzip at all")), "damaged", id="no gzip"),
        pytest.param(says(compressed(gzip.compress(b"x" * 99)[:-5] + b"12345")), "damaged", id="wrong checksum"),
        pytest.param(says(compressed(b"")), "damaged", id="empty gzip"),
        pytest.param(keeps_silent, "timed out", id="never answers"),
        pytest.param(answers(429), "rate limited", id="429"),
        *[pytest.param(answers(status), "server error", id=str(status)) for status in (500, 502, 503, 504)],
    ],
)
def test_what_may_pass_is_tried_again_until_it_works_or_tries_run_out(
    server: BadServer, web: Web, behaviour: Any, cause: str
) -> None:
    assert web.get(server.on("/passes", behaviour, OK)).body == b"here"
    assert server.times("/passes") == 2
    assert failure(web, server.on("/stays", behaviour)).cause == cause
    # A connection closed before any answer is not even a try: the request is repeated at once.
    unanswered = behaviour in UNANSWERED
    assert server.times("/stays") == (6 if unanswered else 3)
    assert web.counts == {"127.0.0.1": len(server.asked)}


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        pytest.param(answers(404), "not found", id="404"),
        pytest.param(answers(410), "not found", id="410"),
        pytest.param(answers(401), "refused", id="401"),
        pytest.param(answers(403), "refused", id="403"),
        pytest.param(answers(400), "odd answer", id="400"),
        pytest.param(answers(204), "odd answer", id="204"),
        pytest.param(answers(501), "server error", id="501"),
        pytest.param(answers(200, b"x", {"Content-Encoding": "br"}), "odd answer", id="a compression not asked for"),
        pytest.param(answers(200, b"x", {"Content-Encoding": "gzip, gzip"}), "odd answer", id="compressed twice"),
        pytest.param(says(CHUNKED + b"zz\r\nhello\r\n"), "odd answer", id="a chunk of no size"),
        pytest.param(says(b"SSH-2.0-none\r\n"), "odd answer", id="no HTTP"),
        pytest.param(says(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 99_999 + b"\r\n\r\n"), "odd answer", id="a huge header"),
    ],
)
def test_what_will_not_pass_is_asked_for_once(server: BadServer, web: Web, behaviour: Any, cause: str) -> None:
    assert failure(web, server.on("/", behaviour)).cause == cause
    assert server.times("/") == 1


def test_a_server_that_stays_ill_is_left_when_patience_ends(server: BadServer) -> None:
    url = server.on("/", answers(500))
    with Web(quick(attempts=1000, patience=0.3, first_wait=0.05)) as web:
        began = time.monotonic()
        assert failure(web, url).cause == "server error"
    assert time.monotonic() - began < 10  # a thousand tries take minutes
    assert 2 <= server.times("/") < 20


def test_a_body_that_drips_is_cut_off_by_the_total_time(server: BadServer, web: Web) -> None:
    began = time.monotonic()
    error = failure(web, server.on("/", drips))
    assert (error.cause, server.times("/")) == ("timed out", 1)
    assert 1.1 < time.monotonic() - began < 20  # it drips for more than an hour
