"""A target's files in memory: archives and folders read with limits, nothing ever written to disk.

What an archive refuses to be (links, devices, paths that leave it) is an issue on that file; the rest is read.
"""

import hashlib
import os
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from lzma import LZMAError
from pathlib import Path
from typing import IO

from catalog.records import FileIssue
from crawler.errors import SnapshotError
from crawler.snapshots.member import CHUNK, LINK_OR_DEVICE, Member
from crawler.snapshots.tar import NOT_PLAIN, AnyTar, PlainTar, Tar, open_any, open_plain

_RATIO_FLOOR = 1024 * 1024  # small files may compress as well as they like
_MAX_ISSUES = 1_000
# Never source: counted against the limits, not kept.
_BINARY_SUFFIXES = frozenset(
    """
    png jpg jpeg gif webp avif ico bmp tiff svgz psd woff woff2 ttf otf eot wasm node so dylib
    dll exe a lib o bin jar class pyc pyd zip gz tgz bz2 xz zst br 7z rar whl tar mp3 mp4
    wav ogg webm mov avi pdf docx xlsx pptx map db sqlite parquet onnx pt npz npy
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
    """A target's files by posix path; `digest` is the same whatever container they came in.

    `comment` is the full id of the commit that `git archive` writes into a tar, as GitHub's archives have it.
    """

    files: Mapping[str, bytes]
    digest: str
    issues: tuple[FileIssue, ...]
    comment: str | None = None


def snapshot_of(files: Mapping[str, bytes], issues: tuple[FileIssue, ...], *, comment: str | None = None) -> Snapshot:
    """Make a snapshot of files already in memory."""
    digest = hashlib.sha256()
    ordered = {path: files[path] for path in sorted(files)}
    for path, data in ordered.items():
        digest.update(path.encode("utf-8", "surrogatepass") + b"\0" + hashlib.sha256(data).digest())
    return Snapshot(ordered, digest.hexdigest(), issues, comment)


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
            return _read_tar(file, str(path), packed, limits, strip_top=strip_top)
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
        self._limits = limits
        by_ratio = limits.total_bytes if packed is None else max(_RATIO_FLOOR, packed * limits.ratio)
        self._most = min(limits.total_bytes, by_ratio)
        self._files: dict[str, bytes] = {}
        self._issues: list[FileIssue] = []
        self._seen: set[str] = set()
        self._bytes = 0

    def add_all(self, members: Iterator[Member]) -> None:
        """Read every member, holding the limits as it goes."""
        for count, member in enumerate(members, start=1):
            if count > self._limits.files:
                raise SnapshotError(self._what, f"more than {self._limits.files} files; not read")
            refusal = member.refusal or self._path_refusal(member.path)
            if refusal is None and member.path in self._seen:
                refusal = "the same path again; the first one was read"
            if refusal is not None:
                self._refuse(member.path, refusal)
                self.pass_over(member.passed)
                continue
            self._seen.add(member.path)
            self._read(member)

    def pass_over(self, size: int) -> None:
        """Count bytes that were unpacked, kept or not. Raises SnapshotError when they are too many."""
        self._bytes += size
        if self._bytes <= self._most:
            return
        if self._bytes > self._limits.total_bytes:
            raise SnapshotError(self._what, f"unpacks to more than {self._limits.total_bytes} bytes; not read")
        raise SnapshotError(self._what, f"unpacks to more than {self._limits.ratio} times its size; not read")

    def snapshot(self, *, strip_top: bool, comment: str | None = None) -> Snapshot:
        """Give what was read."""
        files = _without_top_folder(self._files) if strip_top else self._files
        return snapshot_of(files, tuple(self._issues), comment=comment)

    def _read(self, member: Member) -> None:
        stream = member.open_()
        if stream is None:
            return
        keep = not _is_binary(member.path)
        pieces: list[bytes] = []
        size = 0
        with stream:
            while piece := stream.read(CHUNK):
                self.pass_over(len(piece))
                size += len(piece)
                if keep and size <= self._limits.file_bytes:
                    pieces.append(piece)
        if keep and size > self._limits.file_bytes:
            self._refuse(member.path, f"larger than {self._limits.file_bytes} bytes, not read")
        elif keep:
            self._files[member.path] = b"".join(pieces)

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


def _is_binary(path: str) -> bool:
    # A hidden file has no suffix; few paths get as far as to be asked.
    return path.rpartition(".")[2].lower() in _BINARY_SUFFIXES and bool(posixpath.splitext(path)[1])


def _read_tar(file: IO[bytes], what: str, packed: int, limits: Limits, *, strip_top: bool) -> Snapshot:
    file.seek(0)
    try:
        with open_plain(file) as stream:
            return _read_members(PlainTar(stream, what), _Reading(what, packed, limits), strip_top=strip_top)
    except NOT_PLAIN:  # all over again by tarfile: it reads more kinds, and says what is wrong
        file.seek(0)
        with open_any(file, what) as archive:
            return _read_members(AnyTar(archive, what), _Reading(what, packed, limits), strip_top=strip_top)


def _read_members(tar: Tar, reading: "_Reading", *, strip_top: bool) -> Snapshot:
    reading.add_all(tar.members())
    for piece in tar.rest():
        reading.pass_over(len(piece))
    return reading.snapshot(strip_top=strip_top, comment=tar.comment)


def _read_zip(file: IO[bytes], what: str, packed: int, limits: Limits) -> Snapshot:
    with zipfile.ZipFile(file) as archive:
        reading = _Reading(what, packed, limits)
        reading.add_all(_zip_members(archive, what))
        return reading.snapshot(strip_top=False)


def _zip_members(archive: zipfile.ZipFile, what: str) -> Iterator[Member]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        if info.flag_bits & 0x1:
            raise SnapshotError(what, "the archive is encrypted")
        mode = info.external_attr >> 16
        refusal = None if stat.S_IFMT(mode) in (0, stat.S_IFREG) else LINK_OR_DEVICE
        # orig_filename keeps the backslash or NUL that zipfile would tidy away.
        yield Member(info.orig_filename, refusal, partial(archive.open, info))


def _folder_members(root: Path) -> Iterator[Member]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS)
        for name in [*sorted(names), *(name for name in folders if Path(folder, name).is_symlink())]:
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            refusal = None if stat.S_ISREG(path.lstat().st_mode) else LINK_OR_DEVICE
            yield Member(relative, refusal, partial(_open, path))


def _open(path: Path) -> IO[bytes] | None:
    try:
        return path.open("rb")
    except OSError:
        return None


def _without_top_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    top = next(iter(files), "").split("/", 1)[0] + "/"
    if not all(path.startswith(top) for path in files):
        return dict(files)
    return {path.removeprefix(top): data for path, data in files.items()}
