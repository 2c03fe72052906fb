"""A server on the web, asked within bounds: where the connection leads, how much comes back, nothing compressed.

Not for what is said: that is the SDK's transport, which speaks through the client made here.
"""

import socket
from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_address

import anyio
import httpx2

from crawler.live.records import Allowance, LiveSetting, LiveTarget
from crawler.web.guard import is_public

_CONNECT_SECONDS = 15.0
_MAX_ADDRESSES = 4
_PLAIN = ("", "identity")


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Connects only to addresses that were looked at, and counts what comes back.

    `status` is the last answer's that was an error or a redirect; `refusal` says why nothing was sent.
    """

    def __init__(self, target: LiveTarget, setting: LiveSetting, allowance: Allowance) -> None:
        self._local = target.on_this_machine
        self._allow_private = setting.allow_private
        self._allowance = allowance
        # Without a proxy, which would connect in our place to addresses that nobody looked at.
        self._inner = httpx2.AsyncHTTPTransport()
        self.status: int | None = None
        self.refusal: str | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to the first address of its host that answers."""
        failure: httpx2.TransportError | None = None
        for address in await self._addresses(request.url):
            try:
                response = await self._inner.handle_async_request(_at_address(request, address))
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failure = error
                continue
            return await self._bounded(response)
        raise failure or httpx2.ConnectError("its name has no address")

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()

    async def _addresses(self, url: httpx2.URL) -> list[str]:
        try:
            found = await anyio.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx2.ConnectError(f"its name cannot be resolved: {error}") from error
        addresses = list(dict.fromkeys(str(where[0]) for *_, where in found))
        allowed = [address for address in addresses if self._may_connect(address)]
        if addresses and not allowed:
            self.refusal = "its address is in a private network; --allow-private permits that"
            raise httpx2.ConnectError(self.refusal)
        return allowed[:_MAX_ADDRESSES]

    def _may_connect(self, text: str) -> bool:
        address = ip_address(text.partition("%")[0])
        if self._local:
            return address.is_loopback
        return self._allow_private or is_public(address)

    async def _bounded(self, response: httpx2.Response) -> httpx2.Response:
        if response.status_code >= 300:
            self.status = response.status_code
        coding = response.headers.get("content-encoding", "").strip().lower()
        if coding not in _PLAIN or not isinstance(response.stream, httpx2.AsyncByteStream):
            await response.aclose()
            # Unpacked it could be a thousand times what is counted.
            self._allowance.refusal = self._allowance.refusal or "it sent a compressed answer, which was not asked for"
            raise httpx2.ReadError(self._allowance.refusal)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_CountedStream(response.stream, self._allowance),
            extensions=response.extensions,
        )


class _CountedStream(httpx2.AsyncByteStream):
    """A body that breaks off when the server has said too much."""

    def __init__(self, inner: httpx2.AsyncByteStream, allowance: Allowance) -> None:
        self._inner = inner
        self._allowance = allowance

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            if not self._allowance.take(chunk):
                raise httpx2.ReadError(self._allowance.refusal or "too much")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


def make_client(transport: GuardedTransport, headers: Mapping[str, str], seconds: float) -> httpx2.AsyncClient:
    """Make the client that the SDK speaks through; it follows no redirect itself and reads no netrc."""
    return httpx2.AsyncClient(
        transport=transport,
        headers={**headers, "accept-encoding": "identity"},
        timeout=httpx2.Timeout(_CONNECT_SECONDS, read=seconds),
        follow_redirects=False,
        trust_env=False,
    )


def _at_address(request: httpx2.Request, address: str) -> httpx2.Request:
    """Send the request to an address instead of a name; its Host header and its certificate stay those of the name."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )
