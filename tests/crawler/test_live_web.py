"""Servers on the web asked while they run: real HTTP on loopback, well-behaved and not."""

import gzip

import pytest

from crawler.errors import TargetError
from crawler.live.records import LiveSetting, parse_live_target
from tests.crawler.live_asking import ask, failure, names, setting
from tests.crawler.live_servers import make_mail_server, serve_answer, serve_app


def test_many_small_values_from_the_web_are_refused_too() -> None:
    body = b'{"jsonrpc":"2.0","id":1,"result":{"tools":[' + b"[]," * 600_000 + b"[]]}}"
    with serve_answer(200, {"Content-Type": "application/json"}, body) as web:
        assert "more than 500,000 values" in failure(web.address).reason


@pytest.mark.parametrize("json_response", [True, False])
def test_a_server_on_the_web_is_listed(json_response: bool) -> None:  # noqa: FBT001
    with serve_app(make_mail_server().streamable_http_app(json_response=json_response)) as address:
        listing = ask(f"{address}/mcp")
    assert names(listing) == ["send_mail"]
    assert listing.name == "mail"


def test_an_older_server_on_the_web_is_asked_for_its_events() -> None:
    with serve_app(make_mail_server().sse_app()) as address:
        assert names(ask(f"{address}/sse")) == ["send_mail"]


def test_a_server_on_the_web_that_says_too_much_is_cut_off() -> None:
    with serve_answer(200, {"Content-Type": "application/json"}, b"x" * 2**21) as web:
        assert "more than 1,048,576 bytes" in failure(web.address, setting(max_bytes=2**20)).reason


def test_a_compressed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(2**22))
    with serve_answer(200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, bomb) as web:
        assert "compressed" in failure(web.address).reason
        assert web.asked[0]["accept-encoding"] == "identity"


def test_a_header_is_sent_and_never_told() -> None:
    secret = LiveSetting(seconds=15, headers={"X-Key": "key-5678"}, secrets=("key-5678",))
    body = b'data: {"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"key-5678 is wrong"}}\n\n'
    with serve_answer(200, {"Content-Type": "text/event-stream"}, body) as web:
        error = failure(web.address, secret)
        assert web.asked[0]["x-key"] == "key-5678"
    assert "[concealed]" in error.reason
    assert "5678" not in f"{error!r} {secret!r}"


def test_a_server_that_wants_a_credential_says_how_to_send_one() -> None:
    with serve_answer(401, {}) as web:
        assert "HTTP 401; --header" in failure(web.address).reason


def test_a_redirect_to_another_origin_is_not_followed() -> None:
    with serve_answer(200, {}) as other, serve_answer(307, {"Location": other.address}) as web:
        failure(web.address)
        assert web.asked
        assert not other.asked


def test_a_private_address_is_not_called_unless_allowed() -> None:
    with serve_answer(401, {}) as web:
        for host in ("[::ffff:127.0.0.1]", "0.0.0.0"):  # noqa: S104  asked, not listened on
            assert "private network" in failure(f"https://{host}:{web.server_port}/").reason
    assert "private network" in failure("https://10.0.0.1/mcp", setting(seconds=2)).reason
    allowed = LiveSetting(seconds=1, allow_private=True)
    assert "private network" not in failure(f"https://0.0.0.0:{web.server_port}/", allowed).reason


@pytest.mark.parametrize(
    "text",
    ["http://example.com/mcp", "https://user:pa55@example.com/", "https://", "https://[/", "stdio:", "stdio:'x", "mcp"],
)
def test_what_is_no_live_target_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse_live_target(text)
    assert "pa55" not in str(raised.value)


def test_a_target_is_shown_without_the_query_of_its_address() -> None:
    assert str(parse_live_target("https://example.com/mcp?key=1")) == "https://example.com/mcp"
