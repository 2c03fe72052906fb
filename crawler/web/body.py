"""Bodies on their way in: decoded piece by piece, counted, never longer than allowed, into memory or a file.

Not for connections; what is read from here is only bytes.
"""

import contextlib
import os
import tempfile
from collections.abc import AsyncIterable
from pathlib import Path
from typing import cast

from anyio import to_thread
from isal import isal_zlib

from crawler.errors import FetchError
from crawler.web.records import WebError, plain_address

_GZIP = 31
_GZIP_ERROR = cast("type[Exception]", isal_zlib.error)  # its stub takes the class for an instance
_WRITE_BYTES = 1 << 20


class Decoder:
    """Takes the pieces of one body as they come; `url` names it in errors."""

    __slots__ = ("_inflater", "_left", "_limit", "_url")

    def __init__(self, url: object, encoding: str, length: str, limit: int) -> None:
        self._url = url
        self._limit = self._left = limit
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise WebError(plain_address(url), "came in a compression that was not asked for", cause="odd answer")
        if length.isascii() and length.isdigit() and len(length) < 20 and int(length) > limit:
            raise self._too_large()
        self._inflater = isal_zlib.decompressobj(_GZIP) if encoding.endswith("gzip") else None

    def decode(self, data: bytes) -> bytes:
        """Give the decoded bytes of the next piece."""
        decoded = data if self._inflater is None else self._inflate(data)
        self._left -= len(decoded)
        if self._left < 0:
            raise self._too_large()
        return decoded

    def finish(self) -> None:
        """Raise WebError when the body ended too early."""
        if self._inflater is not None and not self._inflater.eof:
            raise self._damaged("its compressed body ends too early")

    def _inflate(self, data: bytes) -> bytes:
        assert self._inflater is not None  # noqa: S101  (for mypy; the caller has looked)
        pieces = []
        room = self._left + 1
        try:
            while data and room > 0:
                if self._inflater.eof:
                    self._inflater = isal_zlib.decompressobj(_GZIP)
                piece = self._inflater.decompress(data, room)
                pieces.append(piece)
                room -= len(piece)
                data = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
        except _GZIP_ERROR:
            raise self._damaged("its compressed body is damaged") from None
        return b"".join(pieces)

    def _too_large(self) -> WebError:
        return WebError(
            plain_address(self._url), f"is larger than the {self._limit:,} bytes allowed", cause="too large"
        )

    def _damaged(self, reason: str) -> WebError:
        return WebError(plain_address(self._url), reason, cause="damaged", transient=True)


async def read_body(chunks: AsyncIterable[bytes], decoder: Decoder) -> bytes:
    """Read a body into memory."""
    pieces = [decoder.decode(chunk) async for chunk in chunks]
    decoder.finish()
    return b"".join(pieces)


async def write_body(chunks: AsyncIterable[bytes], decoder: Decoder, file: Path) -> None:
    """Write a body to a file, which has its name only when it is whole."""
    part = await to_thread.run_sync(_open_part, file)
    try:
        waiting = bytearray()
        async for chunk in chunks:
            waiting += decoder.decode(chunk)
            if len(waiting) >= _WRITE_BYTES:
                await to_thread.run_sync(_append, part, bytes(waiting))
                waiting.clear()
        decoder.finish()
        await to_thread.run_sync(_append, part, bytes(waiting), file)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _open_part(file: Path) -> Path:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name[:40]}.", suffix=".part", dir=file.parent)
    except OSError as error:
        raise _unwritable(file, error) from error
    os.close(handle)
    return Path(name)


def _append(part: Path, data: bytes, whole: Path | None = None) -> None:
    try:
        with part.open("ab") as file:
            file.write(data)
        if whole is not None:
            part.replace(whole)
    except OSError as error:
        raise _unwritable(part, error) from error


def _unwritable(file: Path, error: OSError) -> FetchError:
    return FetchError(str(file), f"cannot be written: {error.strerror or 'the disk refuses'}")
