"""What went wrong on the wire or in an answer, told as a WebError.

Texts of libraries are not repeated: they quote addresses with everything in them.
"""

import socket
from collections.abc import Mapping

import aiohttp
import httpx

from crawler.web.guard import AddressRefusedError
from crawler.web.pace import asked_wait, moment_after
from crawler.web.records import WebError

# Everything that httpx, aiohttp and the system raise about a connection.
WIRE_ERRORS = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, aiohttp.ClientError, OSError)

_SOON_AGAIN = frozenset((500, 502, 503, 504))


def wire_failure(what: str, error: BaseException) -> WebError:
    """Tell what an exception of the transport means."""
    # The transport has one exception for several causes of aiohttp's; beneath it lies the one that tells more.
    root = error.__cause__ if isinstance(error, httpx.HTTPError) and error.__cause__ else error
    if isinstance(root, aiohttp.ClientConnectorError):
        return _unconnected(what, root)
    if isinstance(root, TimeoutError):
        return WebError(what, "did not answer in time", cause="timed out", transient=True)
    if isinstance(root, aiohttp.ClientHttpProxyError):
        return WebError(what, f"the proxy answered {root.status}; check it", cause="out of reach")
    if isinstance(root, aiohttp.ClientPayloadError):
        # Only its text tells a broken connection from a body that was properly ended too early.
        if "Connection" in str(root):
            return WebError(what, "the connection broke in the body", cause="connection lost", transient=True)
        return WebError(what, "its body ended before its announced length", cause="damaged", transient=True)
    if isinstance(root, OSError | aiohttp.ClientConnectionError):
        return WebError(what, "the connection was closed", cause="connection lost", transient=True)
    return WebError(what, "what came back is no HTTP", cause="odd answer")


def _unconnected(what: str, error: aiohttp.ClientConnectorError) -> WebError:
    if isinstance(error.os_error, AddressRefusedError):
        return WebError(what, "its name leads into a private network", cause="address refused")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return WebError(what, "no secure connection: its certificate or protocol is not trusted", cause="out of reach")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        unknown = error.os_error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
        return WebError(what, "its name is not known", cause="out of reach", transient=not unknown)
    place = "the proxy" if isinstance(error, aiohttp.ClientProxyConnectionError) else "the host"
    reason = f"{place} cannot be connected to ({error.os_error.strerror or 'no reason given'})"
    return WebError(what, reason, cause="out of reach", transient=True)


def refusal(what: str, status: int, headers: Mapping[str, str], patience: float) -> WebError:
    """Tell what an answer means that is neither a body nor a redirect, to one who waits `patience` seconds at most."""
    error = _judged(what, status, headers, patience)
    error.status = status
    return error


def _judged(what: str, status: int, headers: Mapping[str, str], patience: float) -> WebError:
    wait = asked_wait(headers)
    too_long = wait is not None and wait > patience
    if status == 429 or (status == 403 and wait is not None) or (status in _SOON_AGAIN and too_long):
        return rate_limited(what, f"answered {status}", wait, patience)
    if status in (404, 410):
        return WebError(what, f"there is nothing here ({status})", cause="not found")
    if status in (401, 403):
        return WebError(what, f"answered {status}: it wants a key, or another one", cause="refused")
    if status >= 500:
        transient = status in _SOON_AGAIN
        return WebError(what, f"answered {status}", cause="server error", transient=transient, wait=wait)
    return WebError(what, f"answered {status}", cause="odd answer")


def rate_limited(what: str, reason: str, wait: float | None, patience: float) -> WebError:
    """Tell that a host wants to be left alone, for how long if it says so."""
    if wait is None:
        return WebError(what, f"{reason}: too many requests; try later", cause="rate limited", transient=True)
    moment = moment_after(wait)
    text = f"{reason}: too many requests; try again after {moment:%Y-%m-%d %H:%M:%S} UTC"
    return WebError(what, text, cause="rate limited", retry_at=moment, transient=wait <= patience, wait=wait)
