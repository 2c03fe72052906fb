"""Where a redirect may lead, and what it takes along."""

import pytest

from crawler.web import Web
from tests.standins.bad_server import BadServer, answers, bad_server, redirects, says
from tests.standins.quick_web import failure

OK = answers(200, b"here")


def test_redirects_are_followed_and_counted(server: BadServer, web: Web) -> None:
    server.on("/c", OK)
    server.on("/b", redirects("c", 308))
    url = server.on("/a", redirects("/b", 301))
    answer = web.get(url)
    assert (answer.body, answer.url) == (b"here", f"{server.address}/c")
    assert web.counts == {"127.0.0.1": 3}


@pytest.mark.parametrize(
    ("location", "cause"),
    [
        ("/", "redirect"),
        ("", "redirect"),
        ("http://127.0.0.1:port/", "redirect"),
        ("http://[", "address refused"),
        ("ftp://127.0.0.1/", "address refused"),
        ("file:///etc/passwd", "address refused"),
        ("http://user:secret@127.0.0.1/", "address refused"),
    ],
)
def test_redirects_that_lead_nowhere_are_not_followed(server: BadServer, web: Web, location: str, cause: str) -> None:
    error = failure(web, server.on("/", redirects(location)))
    assert error.cause == cause
    assert "secret" not in str(error)
    assert server.times("/") <= 6


def test_credentials_never_reach_another_origin(server: BadServer, web: Web) -> None:
    with bad_server() as other:
        end = other.on("/end", redirects(server.on("/back", OK)))
        url = server.on("/", redirects("/same"))
        server.on("/same", redirects(end))
        given = {"Authorization": "Bearer secret", "X-API-Key": "secret", "Accept": "a/b"}
        assert web.get(url, headers=given).body == b"here"
        for asked in server.asked[:2]:
            assert (asked.headers["authorization"], asked.headers["x-api-key"]) == ("Bearer secret", "secret")
        for asked in (other.asked[0], server.asked[2]):
            assert "secret" not in str(asked.headers)
            assert asked.headers["accept"] == "a/b"


def test_cookies_are_not_kept(server: BadServer, web: Web) -> None:
    server.on("/", answers(200, b"", {"Set-Cookie": "a=b; Path=/"}))
    for _ in range(2):
        web.get(f"http://localhost:{server.port}/")
    assert "cookie" not in server.asked[1].headers


def test_no_error_tells_a_query_a_user_or_a_header(server: BadServer, web: Web) -> None:
    texts = [
        str(failure(web, server.on("/a?token=secret", answers(404)), headers={"Authorization": "secret"})),
        str(failure(web, server.on("/a?token=secret", says(b"HTTP/1.1 secret\r\n\r\n")))),
        str(failure(web, "http://user:secret@127.0.0.1/")),
        str(failure(web, "nothing?secret")),
        str(failure(web, "http://[secret@x?secret")),
    ]
    assert not [text for text in texts if "secret" in text or "\n" in text]
