"""HTTP for everything that is not a package client's or git's: polite, bounded, and never into a private network.

Not for reading what came back; answers are bytes. Why it is built so: docs/decisions/0009-http-transport.md.
"""

from collections.abc import Mapping
from concurrent.futures import Future, wait
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from aiohttp.abc import AbstractResolver
from anyio.from_thread import BlockingPortal, start_blocking_portal

from crawler.web.client import AsyncWeb
from crawler.web.records import Answer, WebError, WebSetting

__all__ = ["DOWNLOAD_BYTES", "GET_BYTES", "Answer", "Web", "WebError", "WebSetting"]

GET_BYTES = 16 << 20
DOWNLOAD_BYTES = 256 << 20

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Web:
    """A client with its own event loop in a thread, for use as a context manager and from any number of threads.

    Leaving waits for the downloads that are under way; leaving by an exception ends them.
    """

    def __init__(self, setting: WebSetting, resolver: AbstractResolver | None = None) -> None:
        self._web = AsyncWeb(setting, resolver)
        self._portal: BlockingPortal | None = None
        self._stack = ExitStack()
        self._downloads: set[Future[Answer]] = set()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            portal = stack.enter_context(start_blocking_portal("asyncio"))
            stack.enter_context(portal.wrap_async_context_manager(self._web))
            self._stack = stack.pop_all()
        self._portal = portal
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        under_way = list(self._downloads)
        if kind is not None:
            for future in under_way:
                future.cancel()
        wait(under_way)
        self._portal = None
        self._stack.__exit__(kind, error, trace)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many requests were sent to each host until now, repeated and redirected ones included."""
        return dict(self._web.counts)

    def get(
        self, url: str, *, headers: Mapping[str, str] = _NO_HEADERS, max_bytes: int = 0, robots: bool = False
    ) -> Answer:
        """Fetch into memory, by default at most GET_BYTES; raises WebError when it is not answered by 200 or 304."""
        size = max_bytes or GET_BYTES
        return self._open().call(partial(self._web.get, url, headers=headers, max_bytes=size, robots=robots))

    def download(
        self, url: str, file: Path, *, headers: Mapping[str, str] = _NO_HEADERS, max_bytes: int = 0
    ) -> Future[Answer]:
        """Fetch into a file, by default at most DOWNLOAD_BYTES, while the caller goes on; the answer's body is empty.

        The file appears whole or not at all; at 304 nothing is written.
        """
        size = max_bytes or DOWNLOAD_BYTES
        fetch = partial(self._web.download, url, file, headers=headers, max_bytes=size)
        future = self._open().start_task_soon(fetch)
        self._downloads.add(future)
        future.add_done_callback(self._downloads.discard)
        return future

    def _open(self) -> BlockingPortal:
        if self._portal is None:
            raise RuntimeError("Web is used inside its `with` only")
        return self._portal
