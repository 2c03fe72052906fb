"""A target's files in memory: archives and folders read with limits, nothing ever written to disk.

What an archive refuses to be (links, devices, paths that leave it) is an issue on that file; the rest is read.
"""

import hashlib
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from lzma import LZMAError
from pathlib import Path
from typing import IO, Any

from catalog.records import FileIssue
from crawler.errors import SnapshotError

_CHUNK = 256 * 1024
_RATIO_FLOOR = 1024 * 1024  # small files may compress as well as they like
_MAX_ISSUES = 1_000
# Never source: counted against the limits, not kept.
_BINARY_SUFFIXES = frozenset(
    """
    .png .jpg .jpeg .gif .webp .avif .ico .bmp .tiff .svgz .psd .woff .woff2 .ttf .otf .eot .wasm .node .so .dylib
    .dll .exe .a .lib .o .bin .jar .class .pyc .pyd .zip .gz .tgz .bz2 .xz .zst .br .7z .rar .whl .tar .mp3 .mp4
    .wav .ogg .webm .mov .avi .pdf .docx .xlsx .pptx .map .db .sqlite .parquet .onnx .pt .npz .npy
    """.split()  # noqa: SIM905 - sixty quoted strings would be harder to read
)
_SKIPPED_FOLDERS = frozenset(
    (".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache")
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's archive is read. Sizes in bytes, after unpacking."""

    total_bytes: int = 512 * 1024 * 1024
    files: int = 50_000
    file_bytes: int = 8 * 1024 * 1024
    depth: int = 40
    path_length: int = 1_024
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A target's files by posix path; `digest` is the same whatever container they came in."""

    files: Mapping[str, bytes]
    digest: str
    issues: tuple[FileIssue, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """One entry of a container. `refusal` says why it is not read; `open_` gives its bytes."""

    path: str
    size: int
    refusal: str | None
    open_: Callable[[], IO[bytes] | None]


def snapshot_of(files: Mapping[str, bytes], issues: tuple[FileIssue, ...]) -> Snapshot:
    """Make a snapshot of files already in memory."""
    digest = hashlib.sha256()
    ordered = {path: files[path] for path in sorted(files)}
    for path, data in ordered.items():
        digest.update(path.encode("utf-8", "surrogatepass") + b"\0" + hashlib.sha256(data).digest())
    return Snapshot(ordered, digest.hexdigest(), issues)


def read_archive(path: Path, *, strip_top: bool, limits: Limits | None = None) -> Snapshot:
    """Read a zip or tar archive, known by its content whatever its name.

    `strip_top` takes off the one folder that all files of a tar lie in, as npm and sdists have it.
    Raises SnapshotError when it is damaged, encrypted, no archive, or beyond the limits.
    """
    limits = limits or Limits()
    try:
        packed = path.stat().st_size
        with path.open("rb") as file:
            if zipfile.is_zipfile(file):
                return _read_zip(file, str(path), packed, limits)
            file.seek(0)
            with tarfile.open(fileobj=file, mode="r:*") as archive:
                reading = _Reading(str(path), packed, limits)
                reading.add_all(_tar_members(archive))
                _check_tar_end(archive, str(path))
                return reading.snapshot(strip_top=strip_top)
    except SnapshotError:
        raise
    except OSError as error:
        raise SnapshotError(str(path), f"the archive cannot be read: {error.strerror or error}") from error
    except (
        *(tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError, EOFError),
        *(ValueError, NotImplementedError, RuntimeError, UnicodeError, OverflowError),
    ) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise SnapshotError(str(path), f"the archive is damaged or not one: {why}") from error


def read_directory(path: Path, *, limits: Limits | None = None) -> Snapshot:
    """Read a folder, leaving version control, installed dependencies and all links alone.

    Raises SnapshotError when it is no folder or beyond the limits.
    """
    if not path.is_dir():
        raise SnapshotError(str(path), "no such folder")
    reading = _Reading(str(path), None, limits or Limits())
    reading.add_all(_folder_members(path))
    return reading.snapshot(strip_top=False)


class _Reading:
    """One container being read: what was kept, what was refused, how much was seen."""

    def __init__(self, what: str, packed: int | None, limits: Limits) -> None:
        self._what = what
        self._packed = packed
        self._limits = limits
        self._files: dict[str, bytes] = {}
        self._issues: list[FileIssue] = []
        self._seen: set[str] = set()
        self._bytes = 0

    def add_all(self, members: Iterator[_Member]) -> None:
        """Read every member, holding the limits as it goes."""
        for count, member in enumerate(members, start=1):
            if count > self._limits.files:
                raise SnapshotError(self._what, f"more than {self._limits.files} files; not read")
            refusal = member.refusal or self._path_refusal(member.path)
            if refusal is None and member.path in self._seen:
                refusal = "the same path again; the first one was read"
            if refusal is not None:
                self._refuse(member.path, refusal)
                continue
            self._seen.add(member.path)
            self._read(member)

    def snapshot(self, *, strip_top: bool) -> Snapshot:
        """Give what was read."""
        files = _without_top_folder(self._files) if strip_top else self._files
        return snapshot_of(files, tuple(self._issues))

    def _read(self, member: _Member) -> None:
        stream = member.open_()
        if stream is None:
            return
        keep = os.path.splitext(member.path)[1].lower() not in _BINARY_SUFFIXES  # noqa: PTH122 - a posix path as text
        kept = bytearray()
        with stream:
            while chunk := stream.read(_CHUNK):
                self._bytes += len(chunk)
                self._check_size()
                if keep and len(kept) <= self._limits.file_bytes:
                    kept += chunk
        if keep and len(kept) > self._limits.file_bytes:
            self._refuse(member.path, f"larger than {self._limits.file_bytes} bytes, not read")
        elif keep:
            self._files[member.path] = bytes(kept)

    def _check_size(self) -> None:
        if self._bytes > self._limits.total_bytes:
            raise SnapshotError(self._what, f"unpacks to more than {self._limits.total_bytes} bytes; not read")
        if self._packed is not None and self._bytes > max(_RATIO_FLOOR, self._packed * self._limits.ratio):
            raise SnapshotError(self._what, f"unpacks to more than {self._limits.ratio} times its size; not read")

    def _path_refusal(self, path: str) -> str | None:
        parts = path.split("/")
        if path.startswith("/") or (len(path) > 1 and path[1] == ":"):
            return "an absolute path"
        if ".." in parts:
            return "a path that leaves the archive"
        if "\\" in path or "\0" in path or "" in parts or "." in parts:
            return "a path that means different things on different systems"
        if len(path) > self._limits.path_length or len(parts) > self._limits.depth:
            return "a path too long or too deep"
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            return "a path that is not UTF-8"
        return None

    def _refuse(self, path: str, reason: str) -> None:
        if len(self._issues) < _MAX_ISSUES:
            printable = path.encode("utf-8", "replace").decode().replace("\0", "")
            self._issues.append(FileIssue(printable[:300], reason))


def _read_zip(file: IO[bytes], what: str, packed: int, limits: Limits) -> Snapshot:
    with zipfile.ZipFile(file) as archive:
        reading = _Reading(what, packed, limits)
        reading.add_all(_zip_members(archive, what))
        return reading.snapshot(strip_top=False)


def _zip_members(archive: zipfile.ZipFile, what: str) -> Iterator[_Member]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        if info.flag_bits & 0x1:
            raise SnapshotError(what, "the archive is encrypted")
        mode = info.external_attr >> 16
        refusal = None if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "a link or a device"
        # orig_filename keeps the backslash or NUL that zipfile would tidy away.
        yield _Member(info.orig_filename, info.file_size, refusal, partial(archive.open, info))


def _tar_members(archive: tarfile.TarFile) -> Iterator[_Member]:
    for info in archive:
        if info.isdir():
            continue
        refusal = None if info.isreg() else "a link or a device"
        path = info.name.removeprefix("./")
        yield _Member(path, info.size, refusal, partial(archive.extractfile, info))
        vars(archive)["members"] = []  # or a million members would stay in memory


def _check_tar_end(archive: tarfile.TarFile, what: str) -> None:
    """Refuse a tar whose reading stopped at damage: tarfile takes a broken header in the middle for the end."""
    stream: Any = archive.fileobj
    stream.seek(archive.offset)
    if stream.read(tarfile.BLOCKSIZE).strip(b"\0"):
        raise SnapshotError(what, "the archive is damaged in the middle")
    while stream.read(_CHUNK):  # to the end, where gzip checks its sum
        pass


def _folder_members(root: Path) -> Iterator[_Member]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS)
        for name in [*sorted(names), *(name for name in folders if Path(folder, name).is_symlink())]:
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            status = path.lstat()
            refusal = None if stat.S_ISREG(status.st_mode) else "a link or a device"
            yield _Member(relative, status.st_size, refusal, partial(_open, path))


def _open(path: Path) -> IO[bytes] | None:
    try:
        return path.open("rb")
    except OSError:
        return None


def _without_top_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    tops = {path.split("/", 1)[0] for path in files}
    if len(tops) != 1 or any("/" not in path for path in files):
        return dict(files)
    return {path.split("/", 1)[1]: data for path, data in files.items()}
