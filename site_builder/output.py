"""The output folder: files written whole and only when they differ, a manifest of ours, stale ones removed.

Not for rendering: it takes bytes. Files that the manifest does not name are never touched.
"""

import errno
import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

Content = bytes | Path  # a path is a file on the same disk that is moved to its place
MANIFEST = ".toolrisk-site.json"
_FORMAT = 1
_SAFE_PATH = re.compile(r"\.nojekyll|[a-z0-9_][a-z0-9_.-]{0,199}(?:/[a-z0-9_][a-z0-9_.-]{0,199}){0,7}")


class ForeignFolderError(FileExistsError):
    """The output folder holds files that we did not make."""


class OutputFolder:
    """A folder that holds a built site. Files belong to units, which are skipped as a whole when nothing changed."""

    def __init__(self, folder: Path) -> None:
        self.written = 0
        self.unchanged = 0
        self.removed = 0
        self._folder = folder
        self._known = _open_folder(folder)
        self._units: dict[str, tuple[str, dict[str, str]]] = {}

    def skip_unit(self, unit: str, inputs: str) -> bool:
        """Keep a unit's files as they are, if they were made from the same inputs and are still whole."""
        digest, files = self._known.get(unit, ("", {}))
        if digest != inputs or not all(self._holds(path, known) for path, known in files.items()):
            return False
        self._units[unit] = (digest, files)
        self.unchanged += len(files)
        return True

    def write_unit(self, unit: str, inputs: str, files: Iterable[tuple[str, Content]]) -> None:
        """Write a unit's files, those that differ. `inputs` is the digest of what they were made from.

        A content that is a path is a file on the same disk, which is moved to its place.
        """
        digests: dict[str, str] = {}
        for path, content in files:
            if not _SAFE_PATH.fullmatch(path):
                raise ValueError(f"{path!r} is no path for a page")
            digest = _digest(content)
            digests[path] = digest
            if self._holds(path, digest):
                self.unchanged += 1
            else:
                _place(self._folder / path, content)
                self.written += 1
        self._units[unit] = (inputs, digests)

    @contextmanager
    def make_scratch(self) -> Iterator[Path]:
        """Give a folder on the same disk to write files in that are then moved to their places."""
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".toolrisk-") as folder:
            yield Path(folder)

    def finish(self) -> None:
        """Remove the files of earlier builds that this one did not make, and write the manifest."""
        kept = {path for _, files in self._units.values() for path in files}
        stale = {path for _, files in self._known.values() for path in files} - kept
        for path in sorted(stale):
            self._remove(path)
        content = _render_manifest(self._units)
        manifest = self._folder / MANIFEST
        if manifest.read_bytes() != content:
            _write_atomically(manifest, content)

    def _holds(self, path: str, digest: str) -> bool:
        try:
            return _digest(self._folder / path) == digest
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False

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


def _open_folder(folder: Path) -> dict[str, tuple[str, dict[str, str]]]:
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST
    if manifest.is_file():
        return _read_manifest(manifest)
    if any(folder.iterdir()):
        reason = "the folder holds files that are not of a site built here; choose an empty one"
        raise ForeignFolderError(errno.EEXIST, reason, str(folder))
    # Written first, so that a build that was broken off is still known as ours.
    _write_atomically(manifest, _render_manifest({}))
    return {}


def _read_manifest(manifest: Path) -> dict[str, tuple[str, dict[str, str]]]:
    refusal = ForeignFolderError(errno.EEXIST, "the list of the site's files cannot be read", str(manifest))
    try:
        stored = orjson.loads(manifest.read_bytes())
    except orjson.JSONDecodeError as error:
        raise refusal from error
    if not isinstance(stored, dict) or stored.get("format") != _FORMAT or not isinstance(stored.get("units"), dict):
        raise refusal
    units = {
        unit: (str(held["inputs"]), {str(path): str(digest) for path, digest in held["files"].items()})
        for unit, held in stored["units"].items()
    }
    # What the manifest names may be deleted: a path that leads out of the folder must not get that far.
    if not all(_SAFE_PATH.fullmatch(path) for _, files in units.values() for path in files):
        raise refusal
    return units


def _render_manifest(units: dict[str, tuple[str, dict[str, str]]]) -> bytes:
    stored = {unit: {"inputs": inputs, "files": files} for unit, (inputs, files) in units.items()}
    return orjson.dumps({"format": _FORMAT, "units": stored}, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _digest(content: Content) -> str:
    if isinstance(content, bytes):
        return hashlib.blake2b(content, digest_size=16).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _place(path: Path, content: Content) -> None:
    if isinstance(content, bytes):
        _write_atomically(path, content)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        content.replace(path)


def _write_atomically(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
