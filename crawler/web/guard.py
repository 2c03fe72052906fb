"""Which addresses may be spoken to: none inside a private network, unless the setting allows it.

Names are judged where the socket is opened, by the address that is connected to: what a name resolved to a moment
before, or in somebody else's parser, plays no part.
"""

import errno
import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx
from aiohttp.connector import AddrInfoType

from crawler.web.records import WebError, WebSetting, plain_address

_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefusedError(OSError):
    """The socket would lead into a private network."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether everybody may reach the address; one wrapped in another kind of address counts as what it wraps."""
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            wrapped = address.teredo[1]
        if address in _NAT64:
            wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def open_guarded_socket(address: AddrInfoType) -> socket.socket:
    """Make the socket for one connection, or refuse to."""
    family, kind, protocol, _, where = address
    if not is_public(ip_address(str(where[0]))):
        raise AddressRefusedError(errno.EACCES, "the address is in a private network")
    return socket.socket(family, kind, protocol)


def check_address(url: httpx.URL, setting: WebSetting) -> None:
    """Raise WebError when the address is of a form that is not spoken to."""
    reason = _refusal(url, setting)
    if reason:
        raise WebError(plain_address(url), reason, cause="address refused")


def _refusal(url: httpx.URL, setting: WebSetting) -> str | None:
    if url.scheme not in ("http", "https"):
        return "only https addresses are fetched"
    if url.userinfo:
        return "an address with a user or password in it is not fetched"
    if not url.host or "%" in url.host:
        return "the address names no host"
    if url.port is not None and not 0 < url.port < 65536:
        return "the address names no port"
    if setting.allow_private:
        return None
    if url.scheme == "http":
        return "only https addresses are fetched"
    # A proxy resolves names itself, so behind one this is all that can be judged; the socket leads to the proxy.
    if _is_private_literal(url.host):
        return "the address is in a private network, which is not allowed by the setting"
    return None


@lru_cache(4096)
def _is_private_literal(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return not is_public(ip_address(name))
    except ValueError:
        pass
    try:
        # The old spellings, such as 127.1 or 0x7f000001, that a system's resolver takes for addresses.
        return not is_public(IPv4Address(socket.inet_aton(name)))
    except (OSError, UnicodeError, ValueError):
        return False
