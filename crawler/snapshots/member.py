"""One entry of an archive or folder, as every reader of a container gives it; what may be kept is decided elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

CHUNK = 256 * 1024  # the most that is read of a stranger's file at once
LINK_OR_DEVICE = "a link or a device"


class Stream(Protocol):
    """What a member's bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Give at most that many bytes; none at the end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a container. `refusal` says why it is not read; `open_` gives its bytes, None when it cannot.

    `passed` are the bytes that are unpacked even when nobody opens it.
    """

    path: str
    refusal: str | None
    open_: Callable[[], Stream | None]
    passed: int = 0
