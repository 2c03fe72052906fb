"""A server's messages on their way to the SDK, with the last answer kept as it came.

Not for judging: the SDK refuses a whole page for one odd tool, so what it refused has to be read apart from it.
"""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCResponse

_Item = SessionMessage | Exception


@dataclass(slots=True)
class Heard:
    """What was heard. `answer` is the result of the newest answer."""

    answer: dict[str, Any] | None = None


class OverheardStream:
    """A stream of messages like the one it wraps, each noted in `heard` as it passes."""

    def __init__(self, inner: Any, heard: Heard) -> None:
        self._inner = inner
        self._heard = heard

    @property
    def last_context(self) -> Any:
        """The context that the newest message was sent in, where the wrapped stream knows it."""
        return getattr(self._inner, "last_context", None)

    async def receive(self) -> _Item:
        """Wait for the next message."""
        return self._keep(await self._inner.receive())

    async def aclose(self) -> None:
        """Close the stream."""
        await self._inner.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _Item:
        return self._keep(await self._inner.__anext__())

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> bool | None:
        ended: bool | None = await self._inner.__aexit__(exc_type, exc_val, exc_tb)
        return ended

    def _keep(self, item: _Item) -> _Item:
        if isinstance(item, SessionMessage) and isinstance(item.message, JSONRPCResponse):
            self._heard.answer = item.message.result
        return item
