"""Headers of a tar archive, plain ones: pure functions from their bytes; odd ones are NotPlainError, never a guess.

What they do not understand is not damaged for that; tarfile decides.
"""

import struct
import tarfile
from functools import lru_cache
from zlib import adler32

BLOCK = tarfile.BLOCKSIZE
REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
EXTENSIONS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
ENCODING, ERRORS = "utf-8", "surrogateescape"
_WITHOUT_DATA = (
    *(tarfile.DIRTYPE, tarfile.LNKTYPE, tarfile.SYMTYPE),
    *(tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE),
)
_KNOWN = frozenset((*REGULAR, *EXTENSIONS, *_WITHOUT_DATA))
# The path's end, size, time, kind and the path's beginning; what lies between them is checked apart or unused.
_HEADER = struct.Struct("100s24x12s12s8xc188x155s12x")


class NotPlainError(Exception):
    """The archive has something that is not known for certain here."""


def read_header(block: bytes) -> tuple[str, bytes, int]:
    """Give the path, kind and size that a block tells."""
    if not _is_header(block):
        raise NotPlainError
    name, size, mtime, kind, prefix = _HEADER.unpack(block)
    # tarfile refuses a header when one of its numbers is none.
    _check_numbers(block[100:124] + block[329:345])
    _number(mtime)
    length = _number(size)
    path = _text(name)
    if kind == tarfile.AREGTYPE and path.endswith("/"):
        kind = tarfile.DIRTYPE  # as tar was written in 1979
    if prefix[0] and kind not in tarfile.GNU_TYPES:
        path = f"{_text(prefix)}/{path}"
    if kind not in _KNOWN or length < 0:
        raise NotPlainError
    return path, kind, length


def _is_header(block: bytes) -> bool:
    if len(block) != BLOCK:
        return False
    stored = block[148:156]
    try:
        expected = _number(stored) + sum(stored) - 8 * ord(" ")
    except NotPlainError:
        return False
    # The lower half of an Adler sum is one more than what 256 bytes add up to, in a tenth of the time that `sum` takes.
    return (adler32(block[:256]) & 0xFFFF) + (adler32(block[256:]) & 0xFFFF) - 2 == expected


@lru_cache(1_024)  # modes, owners and devices are mostly the same throughout an archive
def _check_numbers(fields: bytes) -> None:
    for at in range(0, len(fields), 8):
        _number(fields[at : at + 8])


def _number(field: bytes) -> int:
    try:
        return int(field.rstrip(b"\0 ") or b"0", 8)
    except ValueError as error:  # base 256, or damage
        raise NotPlainError from error


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode(ENCODING, ERRORS)


def long_name(data: bytes) -> tuple[str, None]:
    """Give the path that GNU tar puts before a member, which has no size."""
    return _text(data), None


def pax_path_and_size(data: bytes) -> tuple[str | None, int | None]:
    """Give what pax records say of a member's path and size."""
    records = pax_records(data)
    path, size = records.get(b"path"), records.get(b"size")
    if size is not None and (not size.isdigit() or len(size) > 18):
        raise NotPlainError
    own_path = None if path is None else path.decode(ENCODING, ERRORS).rstrip("/")
    return own_path, None if size is None else int(size)


def pax_records(data: bytes) -> dict[bytes, bytes]:
    """Take the records apart: each is its own length, a space, a key, an equals sign, a value and a line feed."""
    if b"GNU.sparse." in data or b"hdrcharset" in data:
        raise NotPlainError
    records: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        length, space, _ = data[at : at + 8].partition(b" ")
        if not space or not length.isdigit():
            raise NotPlainError
        end = at + int(length)
        record = data[at + len(length) + 1 : end]
        key, equals, value = record[:-1].partition(b"=")
        if not key or not equals or end > len(data) or not record.endswith(b"\n"):
            raise NotPlainError
        records[key] = value
        at = end
    return records
