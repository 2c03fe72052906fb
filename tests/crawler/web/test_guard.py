"""Nothing inside a private network is spoken to, whatever name or redirect leads there; proxies are a user's choice."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from crawler.web import Web, WebError
from crawler.web.guard import is_public
from tests.standins.bad_server import BadServer, answers, bad_server, redirects, says
from tests.standins.quick_web import ShiftyResolver, failure, quick

OK = answers(200, b"here")
GUARDED = quick(allow_private=False)
NOT_PUBLIC = """
127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
239.1.1.1 240.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 :: ::1 fe80::1 fe80::1%1 fc00::1 fd12::1 fec0::1
ff02::1 ff0e::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1
64:ff9b::10.0.0.1 2002:7f00:1::1 2002:a00:1::1
"""
PRIVATE_HOSTS = """
127.0.0.1 localhost LOCALHOST. a.localhost [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] 127.1 2130706433
0x7f000001 0177.0.0.1 127.0.0.1. 10.0.0.1 169.254.169.254 [fe80::1] 0 ①②⑦.0.0.1
"""
NO_ADDRESSES = """
http://example.test/ ftp://example.test/ file:///etc/passwd //example.test/ example.test/ https:///
https://user@example.test/ https://user:word@example.test/ https://a%00b.test/ https://a.test\\@b.test/
data:,x https://a.test:99999/ https://[::1 javascript:alert(1)
"""


@pytest.mark.parametrize(
    "address",
    NOT_PUBLIC.split(),
)
def test_an_address_that_not_everybody_may_reach_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    PRIVATE_HOSTS.split(),
)
def test_private_hosts_in_addresses_are_refused_without_a_connection(secure_server: BadServer, host: str) -> None:
    with Web(GUARDED) as web:
        assert failure(web, f"https://{host}:{secure_server.port}/").cause == "address refused"
    assert secure_server.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_names_that_lead_into_a_private_network_are_refused_at_connect(secure_server: BadServer, address: str) -> None:
    secure_server.on("/", OK)
    with Web(GUARDED, ShiftyResolver(address)) as web:
        error = failure(web, f"https://far.test:{secure_server.port}/")
    assert (error.cause, error.transient) == ("address refused", False)
    assert secure_server.connections == 0


def test_a_name_that_leads_elsewhere_at_the_next_try_is_judged_anew(secure_server: BadServer) -> None:
    secure_server.on("/", OK)
    resolver = ShiftyResolver(socket.gaierror(socket.EAI_AGAIN, "later"), "127.0.0.1")
    with Web(GUARDED, resolver) as web:
        assert failure(web, f"https://far.test:{secure_server.port}/").cause == "address refused"
    assert (resolver.asked, secure_server.connections) == (2, 0)


def test_allowed_by_the_setting_a_private_address_is_spoken_to(secure_server: BadServer) -> None:
    url = secure_server.on("/", OK)
    with Web(quick(), ShiftyResolver("127.0.0.1")) as web:
        assert web.get(url).body == b"here"
        assert web.get(f"https://far.test:{secure_server.port}/").body == b"here"


@pytest.mark.parametrize(
    "url",
    NO_ADDRESSES.split(),
)
def test_other_forms_of_address_are_refused(url: str) -> None:
    with Web(GUARDED) as web:
        assert failure(web, url).cause == "address refused"
        assert not web.counts


def test_a_very_long_or_empty_address_is_refused() -> None:
    with Web(GUARDED) as web:
        for url in ("", "https://a.test/" + "a" * 100_000, "https://" + "a" * 70_000 + ".test/", "https://a\n.test/"):
            assert len(str(failure(web, url))) < 400


def test_a_redirect_from_https_to_http_is_not_followed(secure_server: BadServer, server: BadServer) -> None:
    server.on("/", OK)
    url = secure_server.on("/", redirects(f"{server.address}/"))
    with Web(quick()) as web:
        assert failure(web, url).cause == "redirect"
        assert web.get(server.on("/up", redirects(secure_server.on("/end", OK)))).body == b"here"
    assert server.times("/") == 0


def test_a_certificate_that_is_not_trusted_is_no_connection(
    secure_server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with Web(quick()) as web:
        error = failure(web, secure_server.on("/", OK))
    assert (error.cause, error.transient) == ("out of reach", False)
    assert "certificate" in error.reason
    assert not secure_server.asked


# Proxies


def test_a_proxy_of_the_environment_is_used_for_http(server: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.on("http://far.test/x", OK)
    monkeypatch.setenv("http_proxy", server.address.replace("http://", "http://user:word@"))
    with Web(quick()) as web:
        assert web.get("http://far.test/x", headers={"X-Key": "1"}).body == b"here"
        assert web.counts == {"far.test": 1}
    assert server.asked[0].headers["proxy-authorization"] == "Basic dXNlcjp3b3Jk"
    assert server.asked[0].headers["x-key"] == "1"


def test_what_no_proxy_names_is_asked_directly(server: BadServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with bad_server() as proxy:
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with Web(quick()) as web:
            assert web.get(server.on("/", OK)).body == b"here"
        assert not proxy.asked


@pytest.fixture(name="proxy")
def _proxy(server: BadServer, secure_server: BadServer, monkeypatch: pytest.MonkeyPatch) -> BadServer:
    server.tunnels["far.test:443"] = ("127.0.0.1", secure_server.port)
    monkeypatch.setenv("https_proxy", server.address.replace("http://", "http://user:word@"))
    return server


def test_https_goes_through_a_tunnel_of_the_proxy_which_may_be_private(
    secure_server: BadServer, proxy: BadServer
) -> None:
    secure_server.on("/x", OK)
    with Web(GUARDED) as web:
        assert web.get("https://far.test/x", headers={"X-Key": "1"}).body == b"here"
    assert [asked.path for asked in proxy.asked] == ["far.test:443"]
    assert proxy.asked[0].headers["proxy-authorization"] == "Basic dXNlcjp3b3Jk"
    assert "x-key" not in proxy.asked[0].headers
    assert "proxy-authorization" not in secure_server.asked[0].headers


def test_behind_a_proxy_private_addresses_are_refused_as_well(secure_server: BadServer, proxy: BadServer) -> None:
    secure_server.on("/x", redirects("https://10.0.0.1/"))
    with Web(GUARDED) as web:
        for url in ("https://10.0.0.1/", "https://127.1/", "https://localhost/", "https://far.test/x"):
            assert failure(web, url).cause == "address refused"
    assert [asked.path for asked in proxy.asked] == ["far.test:443"]


@pytest.mark.parametrize(("given", "word"), [("http://127.0.0.1:9", "proxy"), ("socks5://127.0.0.1:9", "socks")])
def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, given: str, word: str) -> None:
    monkeypatch.setenv("all_proxy", given)

    def ask() -> None:
        with Web(quick(attempts=1)) as web:
            web.get("http://far.test/")

    with pytest.raises(WebError) as caught:
        ask()
    assert caught.value.cause == "out of reach"
    assert word in str(caught.value) or "proxy" in str(caught.value)


@pytest.mark.parametrize(
    "behaviour", [says(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"), says(b"HTTP/1.1 502 No\r\n\r\n")]
)
def test_a_proxy_that_refuses_is_told(proxy: BadServer, behaviour: Any) -> None:
    proxy.tunnels.clear()
    proxy.on("far.test:443", behaviour)
    with Web(GUARDED) as web:
        error = failure(web, "https://far.test/x")
    assert error.cause == "out of reach"
    assert "proxy" in error.reason
