"""What tests of the web on loopback share: a setting in a hurry, a failure to ask for, names that lead anywhere."""

import socket
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.web import Web, WebError, WebSetting


def quick(**changes: Any) -> WebSetting:
    """Give a setting in which times are short and loopback is allowed."""
    settings: dict[str, Any] = {
        "allow_private": True,
        "rate": 10_000.0,
        "attempts": 3,
        "patience": 4.0,
        "connect_seconds": 1.0,
        "read_seconds": 0.5,
        "total_seconds": 1.2,
        "first_wait": 0.01,
    }
    return WebSetting(**(settings | changes))


def failure(web: Web, url: str, **options: Any) -> WebError:
    """Get what cannot be had, and give the error."""
    with pytest.raises(WebError) as caught:
        web.get(url, **options)
    return caught.value


class ShiftyResolver(AbstractResolver):
    """Gives one answer after the other for every name: an address, or an error; the last for ever."""

    def __init__(self, *given: str | OSError) -> None:
        self.given = list(given)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the next answer."""
        del family
        self.asked += 1
        answer = self.given.pop(0) if len(self.given) > 1 else self.given[0]
        if isinstance(answer, OSError):
            raise answer
        kind = socket.AF_INET6 if ":" in answer else socket.AF_INET
        return [ResolveResult(hostname=host, host=answer, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""
