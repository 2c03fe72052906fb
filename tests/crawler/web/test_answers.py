"""What comes back when it comes back, and how much of it may."""

import gzip
from concurrent.futures import ThreadPoolExecutor

from crawler.web import Web
from tests.standins.bad_server import BadServer, answers, never_ends, says
from tests.standins.quick_web import failure, quick

OK = answers(200, b"here")


def test_an_answer_has_its_status_address_headers_and_body(server: BadServer, web: Web) -> None:
    url = server.on("/a?b=c", answers(200, b"here", {"ETag": '"1"', "X-Odd": "é"}))
    answer = web.get(url)
    assert (answer.status, answer.url, answer.body) == (200, url, b"here")
    assert (answer.headers["etag"], answer.headers["x-odd"]) == ('"1"', "é")


def test_the_user_agent_names_the_project_and_the_contact(server: BadServer) -> None:
    url = server.on("/", OK)
    with Web(quick(contact="https://us.test/bot")) as web:
        web.get(url)
    assert server.asked[0].headers["user-agent"].startswith("toolrisk/")
    assert server.asked[0].headers["user-agent"].endswith(" (+https://us.test/bot)")


def test_many_threads_ask_at_once_over_few_connections(server: BadServer, web: Web) -> None:
    url = server.on("/", answers(200, b"here", wait=0.01))
    with ThreadPoolExecutor(16) as pool:
        bodies = list(pool.map(lambda _: web.get(url).body, range(64)))
    assert bodies == [b"here"] * 64
    assert web.counts == {"127.0.0.1": 64}
    assert server.connections <= 8


def test_a_compressed_body_is_decoded_though_it_came_in_several_members(server: BadServer, web: Web) -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two")
    url = server.on("/", answers(200, body, {"Content-Encoding": "gzip"}))
    assert web.get(url).body == b"one two"
    assert server.asked[0].headers["accept-encoding"] == "gzip"


def test_what_is_still_current_comes_back_as_304(server: BadServer, web: Web) -> None:
    url = server.on("/", answers(304, headers={"ETag": '"1"'}))
    answer = web.get(url, headers={"If-None-Match": '"1"'})
    assert (answer.status, answer.body) == (304, b"")
    assert server.asked[0].headers["if-none-match"] == '"1"'


def test_a_304_that_nobody_asked_for_is_odd(server: BadServer, web: Web) -> None:
    assert failure(web, server.on("/", answers(304))).cause == "odd answer"


def test_a_validator_that_no_header_may_hold_is_sent_harmless(server: BadServer, web: Web) -> None:
    url = server.on("/", OK)
    assert web.get(url, headers={"If-None-Match": '"é"\r\nX-Smuggled: 1'}).body == b"here"
    assert "x-smuggled" not in server.asked[0].headers


def test_a_body_that_never_ends_is_too_large(server: BadServer, web: Web) -> None:
    error = failure(web, server.on("/", never_ends), max_bytes=100_000)
    assert (error.cause, server.times("/")) == ("too large", 1)
    assert "100,000" in error.reason


def test_a_body_may_be_as_large_as_allowed_and_no_byte_larger(server: BadServer, web: Web) -> None:
    for headers, body in (({}, b"x" * 1000), ({"Content-Encoding": "gzip"}, gzip.compress(b"x" * 1000))):
        url = server.on("/", answers(200, body, headers))
        assert len(web.get(url, max_bytes=1000).body) == 1000
        assert failure(web, url, max_bytes=999).cause == "too large"


def test_a_compressed_bomb_is_stopped_before_it_is_unpacked(server: BadServer, web: Web) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert failure(web, server.on("/", answers(200, bomb, {"Content-Encoding": "gzip"})), max_bytes=60_000)


def test_an_announced_length_beyond_the_limit_is_not_waited_for(server: BadServer, web: Web) -> None:
    url = server.on("/", says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"))
    assert failure(web, url).cause == "too large"
