"""The output folder: new files are made beside the site, and put to their places when all of them are there.

So the site stays whole whatever breaks a build off: a full disk, a crash, an error in a page. Files that we did not
make are never touched. Not for rendering: it takes bytes.
"""

import errno
import gzip
import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from site_builder.state import FileRecord, ForeignFolderError, SiteState

Content = bytes | Path  # a path is a file on the same disk that is moved to its place
KEPT = ".toolrisk"  # the folder with what a build remembers; it need not be published
_STATE = "state.db"
_STAGING, _SCRATCH = "new", "scratch"
_PACKED = (".html", ".json", ".xml", ".svg", ".css", ".js", ".txt")
_SAFE_PATH = re.compile(r"\.nojekyll|[a-z0-9_][a-z0-9_.-]{0,199}(?:/[a-z0-9_][a-z0-9_.-]{0,199}){0,7}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where files go: the folder of the site, and the one in it where new files wait; texts are packed too if asked."""

    site: str
    staging: str
    precompress: bool = False

    def stage(self, files: Iterable[tuple[str, Content]], known: Iterable[FileRecord]) -> "Staged":
        """Write files, those that are not in the site as they are. `known` are records of those that may be.

        Raises ValueError for a path that leads out of the folder, OSError when a file cannot be written.
        """
        earlier = {record[0]: record for record in known}
        staged = Staged([], 0, earlier)
        for path, content in _add_packed(files) if self.precompress else files:
            if not _SAFE_PATH.fullmatch(path):
                raise ValueError(f"{path!r} is no path for a page")
            digest, old = _digest(content), earlier.pop(path, None)
            if old and old[1] == digest and self.holds(old):
                staged.records.append(old)
            else:
                staged.records.append((path, digest, *_write(f"{self.staging}/{path}", content)))
                staged.written += 1
        return staged

    def holds(self, record: FileRecord) -> bool:
        """Tell whether a file is there as it was written: by size and time, and where its time differs by content."""
        path, digest, size, changed = record
        try:
            found = os.stat(f"{self.site}/{path}")  # noqa: PTH116 - a million times a build
        except (FileNotFoundError, NotADirectoryError):
            return False
        if found.st_size != size:
            return False
        return found.st_mtime_ns == changed or _digest(Path(self.site, path)) == digest


@dataclass(slots=True)
class Staged:
    """What became of files: a record of each, how many were written, and the earlier ones that there are no more."""

    records: list[FileRecord]
    written: int
    gone: dict[str, FileRecord]


class OutputFolder:
    """A folder with a built site, opened for one build; its files belong to units and servers."""

    def __init__(self, folder: Path, *, precompress: bool = False) -> None:
        self.written = 0
        self.unchanged = 0
        self.removed = 0
        self._folder = folder
        self.state = _open_state(folder)
        self.place = Place(str(folder.absolute()), str(folder.absolute() / KEPT / _STAGING), precompress)
        self._units: set[str] = set()
        self._switching = self.state.is_switching()
        try:
            if self._switching:  # the build before was broken off at its end: its files are all there
                self._switch()
                self.state.begin()
        except BaseException:
            self.state.close()
            raise
        for left in (_STAGING, _SCRATCH):
            shutil.rmtree(folder / KEPT / left, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self.state.close()
        if not self._switching:  # else the next build goes on with these files
            shutil.rmtree(self.place.staging, ignore_errors=True)
        if isinstance(error, sqlite3.OperationalError):
            number = errno.ENOSPC if "full" in str(error) else errno.EIO
            reason = f"the site's state cannot be written ({error}); the site is what it was"
            raise OSError(number, reason, str(self._folder)) from error

    def keep_units(self, inputs: Mapping[str, str]) -> bool:
        """Keep the files of units as they are, if all were made from the same inputs and are still whole."""
        units = {name: self.state.read_unit(name) for name in inputs}
        if not all(
            known == inputs[name] and all(map(self.place.holds, files)) for name, (known, files) in units.items()
        ):
            return False
        self._units.update(units)
        self.unchanged += sum(len(files) for _, files in units.values())
        return True

    def write_unit(self, name: str, inputs: str, files: Iterable[tuple[str, Content]]) -> None:
        """Write a unit's files, those that differ. `inputs` is the digest of what they were made from."""
        staged = self.place.stage(files, self.state.read_unit(name)[1])
        self.take(staged)
        self.state.write_unit(name, inputs, staged.records)
        self._units.add(name)

    def take(self, staged: Staged) -> None:
        """Count files that were staged, and note those that are there no more."""
        self.written += staged.written
        self.unchanged += len(staged.records) - staged.written
        self.state.add_stale(iter(staged.gone))

    @contextmanager
    def make_scratch(self) -> Iterator[Path]:
        """Give a folder on the same disk to write files in that are then moved to their places."""
        scratch = self._folder / KEPT / _SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def finish(self) -> None:
        """Put the new files to their places, and remove those of earlier builds that this one did not make."""
        for name in self.state.unit_names() - self._units:
            self.state.remove_unit(name)
        if not self.state.has_changed():
            return
        # What another unit wrote anew is not stale: it waits among the new files.
        self.state.spare(path for path in list(self.state.iter_stale()) if Path(self.place.staging, path).is_file())
        self.state.begin_switch()
        self._switching = True
        self._switch()

    def _switch(self) -> None:
        stale = list(self.state.iter_stale())
        if not all(map(_SAFE_PATH.fullmatch, stale)):
            raise ForeignFolderError(errno.EEXIST, "the site's state names a file outside of it", str(self._folder))
        # Stale ones first: a folder may stand where a file was.
        for path in stale:
            self._remove(path)
        if Path(self.place.staging).is_dir():
            _move_into(self.place.staging, self.place.site)
        self.state.end_switch()
        self._switching = False

    def _remove(self, path: str) -> None:
        file = self._folder / path
        try:
            file.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return
        self.removed += 1
        for parent in file.relative_to(self._folder).parents[:-1]:
            try:
                (self._folder / parent).rmdir()
            except OSError:
                return  # it still holds something, ours or not


def _open_state(folder: Path) -> SiteState:
    folder.mkdir(parents=True, exist_ok=True)
    kept, others = folder / KEPT, any(one.name != KEPT for one in folder.iterdir())
    refusal = ForeignFolderError(
        errno.EEXIST, "the folder holds files that are not of a site built here; choose an empty one", str(folder)
    )
    if others and not (kept / _STATE).is_file():
        raise refusal
    kept.mkdir(exist_ok=True)
    state = SiteState(kept / _STATE)
    if others and state.is_new:
        state.close()
        raise refusal
    return state


def _move_into(source: str, target: str) -> None:
    """Move what is in a folder into another one; folders that are not there yet move as a whole."""
    with os.scandir(source) as found:
        entries = list(found)
    for entry in entries:
        place = f"{target}/{entry.name}"
        if entry.is_dir() and os.path.isdir(place):  # noqa: PTH112 - many times a build
            _move_into(entry.path, place)
        else:
            os.replace(entry.path, place)  # noqa: PTH105


def _make_folder(path: str) -> None:
    try:
        os.mkdir(path)  # noqa: PTH102
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103


def _add_packed(files: Iterable[tuple[str, Content]]) -> Iterator[tuple[str, Content]]:
    for path, content in files:
        yield path, content
        if isinstance(content, bytes) and path.endswith(_PACKED):
            yield f"{path}.gz", gzip.compress(content, 6, mtime=0)


def _digest(content: Content) -> str:
    # Of what nobody can forge, SHA-256 is the fastest where processors know it.
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()[:32]
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _write(path: str, content: Content) -> tuple[int, int]:
    """Write a new file, and give its size and the time of its change. The plain calls: `Path` takes thrice as long."""
    if isinstance(content, Path):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        content.replace(path)
        found = os.stat(path)  # noqa: PTH116
        return found.st_size, found.st_mtime_ns
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        file = os.open(path, flags, 0o644)
    except FileNotFoundError:
        _make_folder(path[: path.rfind("/")])
        file = os.open(path, flags, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(file, view) :]
        found = os.fstat(file)
    finally:
        os.close(file)
    return found.st_size, found.st_mtime_ns
