"""Robots.txt is obeyed where it is asked for, and asked for once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from crawler.web import Web
from tests.standins.bad_server import BadServer, answers, bad_server, redirects, says
from tests.standins.quick_web import failure, quick

OK = answers(200, b"here")


def robots(text: str) -> Any:
    return answers(200, text.encode())


def test_what_robots_txt_forbids_is_not_fetched(server: BadServer, web: Web) -> None:
    server.on("/robots.txt", robots("User-agent: *\nDisallow: /private"))
    public = server.on("/public", OK)
    error = failure(web, server.on("/private/x", OK), robots=True)
    assert error.cause == "robots"
    assert web.get(public, robots=True).body == b"here"
    assert (server.times("/private/x"), server.times("/robots.txt")) == (0, 1)


def test_robots_txt_is_asked_for_by_those_only_who_want_it(server: BadServer, web: Web) -> None:
    server.on("/robots.txt", robots("User-agent: *\nDisallow: /"))
    assert web.get(server.on("/", OK)).body == b"here"
    assert server.times("/robots.txt") == 0


def test_what_is_said_to_this_robot_counts(server: BadServer, web: Web) -> None:
    server.on("/robots.txt", robots("User-agent: *\nDisallow: /\n\nUser-agent: toolrisk\nAllow: /"))
    assert web.get(server.on("/", OK), robots=True).body == b"here"


def test_many_that_ask_at_once_fetch_robots_txt_once(server: BadServer, web: Web) -> None:
    server.on("/robots.txt", answers(200, b"", wait=0.05))
    url = server.on("/", OK)
    with ThreadPoolExecutor(8) as pool:
        assert [answer.status for answer in pool.map(lambda _: web.get(url, robots=True), range(8))] == [200] * 8
    assert server.times("/robots.txt") == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410, 400])
def test_a_host_without_robots_txt_allows_everything(server: BadServer, web: Web, status: int) -> None:
    server.on("/robots.txt", answers(status))
    assert web.get(server.on("/", OK), robots=True).body == b"here"


@pytest.mark.parametrize("behaviour", [answers(500), answers(429), says(b""), answers(200, b"x" * 600_000)])
def test_a_host_whose_robots_txt_cannot_be_read_is_left_alone(server: BadServer, web: Web, behaviour: Any) -> None:
    server.on("/robots.txt", behaviour)
    url = server.on("/", OK)
    assert [failure(web, url, robots=True).cause for _ in range(2)] == ["robots", "robots"]
    assert server.times("/") == 0


def test_a_redirect_to_another_host_asks_that_host(server: BadServer, web: Web) -> None:
    with bad_server() as other:
        other.on("/robots.txt", robots("User-agent: *\nDisallow: /"))
        url = server.on("/", redirects(other.on("/end", OK)))
        assert failure(web, url, robots=True).cause == "robots"
        assert other.times("/end") == 0


def test_the_delay_that_robots_txt_asks_for_is_kept(server: BadServer) -> None:
    server.on("/robots.txt", robots("User-agent: *\nCrawl-delay: 0.2"))
    url = server.on("/", OK)
    with Web(quick()) as web:
        for _ in range(3):
            web.get(url, robots=True)
    moments = [asked.at for asked in server.asked if asked.path == "/"]
    assert moments[2] - moments[0] >= 0.39


@pytest.mark.parametrize(
    "text",
    [
        "\0\0\0",
        "Crawl-delay: 9\nUser-agent\nDisallow",
        "User-agent: *\nCrawl-delay: inf\nCrawl-delay: nan\nCrawl-delay: -1\nCrawl-delay: x",
        "User-agent: *\nRequest-rate: 1/0\nRequest-rate: x/ys\nVisit-time: 99-99",
        "User-agent: *\nDisallow: /" + "*a" * 5000 + "$",
        "User-agent: *\nAllow: /%zz%\nDisallow: \udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_odd_robots_txt_is_read_as_far_as_it_makes_sense(server: BadServer, web: Web, text: str) -> None:
    server.on("/robots.txt", robots(text))
    assert web.get(server.on("/" + "a" * 2000, OK), robots=True).body == b"here"
