"""The one HTTP client: httpx on aiohttp's connections, with the guard on its sockets and the environment's proxies.

Not for what is asked, or how often: that is crawler/web/client.py.
"""

from collections import Counter
from functools import partial
from typing import Any

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport, HttpxAiohttpClient

from crawler.web.guard import open_guarded_socket
from crawler.web.records import WebError


class SharedClient(HttpxAiohttpClient):
    """One client for everything; proxies of the environment are mounted by httpx."""

    def __init__(self, *, guarded: bool, resolver: AbstractResolver | None, counts: Counter[str]) -> None:
        self._counts = counts
        self._security = httpx.create_ssl_context()
        self._guarded = guarded
        self._resolver = resolver
        super().__init__()

    def _init_transport(self, *_: Any, **__: Any) -> AiohttpTransport:
        guard = open_guarded_socket if self._guarded else None
        return AiohttpTransport(verify=self._security, client=partial(self._session, guard))

    def _init_proxy_transport(self, proxy: httpx.Proxy, *_: Any, **__: Any) -> AiohttpTransport:
        if proxy.url.scheme not in ("http", "https"):
            reason = "only http and https proxies can be used; name one of these, or unset the variable"
            raise WebError("the proxy of the environment", reason, cause="out of reach")
        if proxy.auth is not None:
            # As a header, which aiohttp renames and tells the proxy alone; it is giving up the parameter for it.
            proxy.headers["authorization"] = aiohttp.encode_basic_auth(*proxy.auth)
            proxy.auth = None
        # No guard on this socket: it leads to the proxy, and where that is, is the user's own choice.
        return AiohttpTransport(verify=self._security, proxy=proxy, client=partial(self._session, None))

    def _session(self, guard: Any) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0, ssl=self._security, resolver=self._resolver, socket_factory=guard, ttl_dns_cache=60
        )
        # Cookies of one host would be state that no caller asked for, and grow without bound.
        return aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), request_class=_counted_request(self._counts)
        )

    async def exchange(self, request: httpx.Request) -> httpx.Response:
        """Send a request by the transport for its address.

        Authentication, cookies, redirects and hooks of httpx are passed by: none is used here, and together they cost
        more than the request.
        """
        return await self._transport_for_url(request.url).handle_async_request(request)


def _counted_request(counts: Counter[str]) -> type[aiohttp.ClientRequest]:
    class CountedRequest(aiohttp.ClientRequest):
        async def send(self, conn: Connection) -> aiohttp.ClientResponse:
            # Counted here, because aiohttp sends once more at once what met a connection closed meanwhile.
            counts[self.url.raw_host or ""] += 1
            return await super().send(conn)

    return CountedRequest
