"""Tar archives as members: plain ones by a walk over their headers, several times as fast as tarfile.

It decides nothing about damage: at anything it does not know for certain it gives up, and tarfile has the word.
"""

import re
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import TracebackType
from typing import IO, Any, Protocol, Self

from isal import isal_zlib
from isal.igzip import IGzipFile

from crawler.errors import SnapshotError
from crawler.snapshots.member import CHUNK, LINK_OR_DEVICE, Member, Stream
from crawler.snapshots.tar_header import (
    BLOCK,
    ENCODING,
    ERRORS,
    EXTENSIONS,
    REGULAR,
    NotPlainError,
    long_name,
    pax_path_and_size,
    pax_records,
    read_header,
)

_END = bytes(BLOCK)
_EXTENDING = frozenset((*EXTENSIONS, tarfile.SOLARIS_XHDTYPE))
_EXTENSION_BYTES = 1024 * 1024  # before one member, and of the whole archive's; a name needs a thousandth of it
_MOST_EXTENSIONS = 4  # before one member
_MOST_FOLDERS = 200_000
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

# What reading a plain tar may raise before tarfile is asked; errors of the disk will come again there.
NOT_PLAIN: tuple[type[Exception], ...] = (
    *(NotPlainError, EOFError, OSError),
    isal_zlib.error,  # type: ignore[assignment]  # its types call it an instance
)


class Tar(Protocol):
    """A tar archive being read: its members, what lies behind their end, the commit that `git archive` names."""

    @property
    def comment(self) -> str | None:
        """Give the commit, known once the members were read."""

    def members(self) -> Iterator[Member]:
        """Give the members in their order; each must be read before the next is asked for."""

    def rest(self) -> Iterator[bytes]:
        """Give what follows the end, to where gzip checks its sum."""


class PlainTar:
    """A tar of regular files, folders, links and devices, gzipped or not. Reading it may raise one of NOT_PLAIN."""

    def __init__(self, stream: Stream, what: str) -> None:
        self._stream = stream
        self._headers = _Headers(what)
        self._begun = False
        self._padding = 0
        self.comment: str | None = None

    def members(self) -> Iterator[Member]:
        """Give the members in their order; each must be read before the next is asked for."""
        while (header := self._member_header()) is not None:
            path, kind, size = header
            if kind == tarfile.DIRTYPE:
                continue
            refusal = None if kind in REGULAR else LINK_OR_DEVICE
            body = _Body(self._stream, size if refusal is None else 0)
            self._padding = -body.left % BLOCK
            yield Member(path.removeprefix("./"), refusal, body.open, body.left)
            while body.left:
                body.read(CHUNK)

    def rest(self) -> Iterator[bytes]:
        """Give what follows the end, to where gzip checks its sum."""
        while piece := self._stream.read(CHUNK):
            yield piece

    def _member_header(self) -> tuple[str, bytes, int] | None:
        """Read the next member's path, kind and size with what extends them; None at the end."""
        own_path: str | None = None
        own_size: int | None = None
        for extensions in range(_MOST_EXTENSIONS + 1):
            block = self._block()
            if not self._begun and block[:1] in (b"\0", b""):
                raise NotPlainError  # empty, or one of the compressions that have no mark
            if block in (_END, b""):
                if extensions:
                    raise NotPlainError
                return None
            self._begun = True
            path, kind, size = read_header(block)
            self._headers.count(kind, size)
            if kind not in EXTENSIONS:
                return path if own_path is None else own_path, kind, size if own_size is None else own_size
            data = self._extension(size)
            if kind == tarfile.XGLTYPE:
                self._apply_global(pax_records(data))
            elif kind != tarfile.GNUTYPE_LONGLINK:
                if own_path is not None or own_size is not None:
                    raise NotPlainError  # two that might contradict each other
                own_path, own_size = long_name(data) if kind == tarfile.GNUTYPE_LONGNAME else pax_path_and_size(data)
        raise NotPlainError

    def _extension(self, size: int) -> bytes:
        data = self._stream.read(size + -size % BLOCK)
        if len(data) % BLOCK or len(data) < size or data[size:].strip(b"\0"):
            raise NotPlainError
        return data[:size]

    def _block(self) -> bytes:
        """Read the next block, after what fills up the last one."""
        padding, self._padding = self._padding, 0
        data = self._stream.read(padding + BLOCK)
        if len(data) < padding:
            raise NotPlainError
        return data[padding:]

    def _apply_global(self, records: dict[bytes, bytes]) -> None:
        if b"path" in records or b"size" in records:
            raise NotPlainError
        if b"comment" in records:
            self.comment = _commit(records[b"comment"].decode("ascii", "replace"))


class AnyTar:
    """Any tar archive, read by tarfile."""

    def __init__(self, archive: tarfile.TarFile, what: str) -> None:
        self._archive = archive
        self._what = what

    @property
    def comment(self) -> str | None:
        """Give the commit that `git archive` names, known once the members were read."""
        return _commit(self._archive.pax_headers.get("comment", ""))

    def members(self) -> Iterator[Member]:
        """Give the members in their order; each must be read before the next is asked for."""
        for info in self._archive:
            if not info.isdir():
                refusal = None if info.isreg() else LINK_OR_DEVICE
                has_data = info.isreg() or info.type not in tarfile.SUPPORTED_TYPES
                path = info.name.removeprefix("./")
                passed = max(0, info.size) if has_data else 0  # a number may be negative
                yield Member(path, refusal, partial(self._archive.extractfile, info), passed)
            vars(self._archive)["members"] = []  # or a million members would stay in memory

    def rest(self) -> Iterator[bytes]:
        """Give what follows the end; refuse a tar whose reading stopped at damage, which tarfile takes for the end."""
        stream: Any = self._archive.fileobj
        stream.seek(self._archive.offset)
        if stream.read(BLOCK).strip(b"\0"):
            raise SnapshotError(self._what, "the archive is damaged in the middle")
        while piece := stream.read(CHUNK):
            yield piece


def open_plain(file: IO[bytes]) -> AbstractContextManager[Stream]:
    """Open what a tar is read from, unpacked when it is gzip."""
    magic = file.read(2)
    file.seek(0)
    if magic == b"\x1f\x8b":
        return IGzipFile(fileobj=file, mode="rb")  # type: ignore[no-untyped-call]
    return nullcontext(file)


def open_any(file: IO[bytes], what: str) -> tarfile.TarFile:
    """Open a tar by tarfile, whatever it is packed with; its extended headers are bounded."""
    headers = _Headers(what)

    class BoundedInfo(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
            info = super().frombuf(buf, encoding, errors)
            headers.count(info.type, info.size)
            return info

    return tarfile.open(fileobj=file, mode="r:*", encoding=ENCODING, errors=ERRORS, tarinfo=BoundedInfo)


class _Body:
    """A member's bytes within the archive's stream."""

    __slots__ = ("_stream", "left")

    def __init__(self, stream: Stream, size: int) -> None:
        self._stream = stream
        self.left = size

    def open(self) -> Stream:
        return self

    def read(self, size: int, /) -> bytes:
        if not self.left:
            return b""
        piece = self._stream.read(min(size, self.left))
        if not piece:
            raise NotPlainError
        self.left -= len(piece)
        return piece

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Leave the stream open: the next member follows."""


class _Headers:
    """Limits on headers without files: what extends a member's is held in memory, and folders cost time."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._folders = 0
        self._of_member = 0
        self._of_archive = 0

    def count(self, kind: bytes, size: int) -> None:
        """Count one header. Raises SnapshotError when they are too many, too large, or smaller than nothing."""
        if kind == tarfile.DIRTYPE:
            self._folders += 1
            if self._folders > _MOST_FOLDERS:
                raise SnapshotError(self._what, f"more than {_MOST_FOLDERS} folders; not read")
        if kind not in _EXTENDING:
            self._of_member = 0
            return
        if kind == tarfile.XGLTYPE:
            self._of_archive += size
        else:
            self._of_member += size
        if size < 0 or max(self._of_member, self._of_archive) > _EXTENSION_BYTES:
            raise SnapshotError(self._what, f"its extended headers are not of 0 to {_EXTENSION_BYTES} bytes; not read")


def _commit(comment: str) -> str | None:
    return comment if _COMMIT.fullmatch(comment) else None
