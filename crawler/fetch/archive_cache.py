"""Fetched archives, kept once by the digest of their bytes and found again by registry, name and version.

A file that no longer has its digest is as good as absent, so a damaged cache mends itself.
"""

import hashlib
import os
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class CachedArchive:
    """An archive on disk and the SHA-256 of its bytes, in hex."""

    path: Path
    digest: str


class ArchiveCache:
    """A folder of archives: `sha256/DIGEST` holds bytes, `names/REGISTRY/NAME@VERSION` a digest or a note."""

    def __init__(self, root: Path) -> None:
        self._bytes = root / "sha256"
        self._names = root / "names"

    def find(self, registry: str, name: str, version: str) -> CachedArchive | None:
        """Find an archive whose bytes are whole; None when there is none."""
        try:
            digest = self._name_path(registry, name, version).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        path = self._bytes / digest
        if len(digest) != 64 or not path.is_file() or _digest(path) != digest:
            return None
        return CachedArchive(path, digest)

    def add(self, registry: str, name: str, version: str, file: Path) -> CachedArchive:
        """Move `file` into the cache under its digest."""
        digest = _digest(file)
        self._bytes.mkdir(parents=True, exist_ok=True)
        path = self._bytes / digest
        # Two targets may come as the same bytes at the same time: the folders of one repository do.
        staged = self._bytes / f".{digest}.{os.getpid()}.{threading.get_ident()}"
        shutil.move(file, staged)
        staged.replace(path)
        _write_atomically(self._name_path(registry, name, version), digest)
        return CachedArchive(path, digest)

    def discard(self, digest: str) -> None:
        """Let go of bytes that turned out to be of no use, so that they are fetched again."""
        (self._bytes / digest).unlink(missing_ok=True)

    def also(self, registry: str, name: str, version: str, archive: CachedArchive) -> None:
        """Find an archive by another version as well: the range that it was the newest of."""
        _write_atomically(self._name_path(registry, name, version), archive.digest)

    def read_note(self, key: str) -> str | None:
        """Read what was noted under a key; None when nothing was, or it cannot be read."""
        try:
            return self._name_path("notes", key, "").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def write_note(self, key: str, text: str) -> None:
        """Note a line under a key: what a server said of an answer, to ask next time whether it still holds."""
        _write_atomically(self._name_path("notes", key, ""), text)

    def _name_path(self, registry: str, name: str, version: str) -> Path:
        key = quote(f"{name}@{version}", safe="@")
        if len(key) > 200:
            key = hashlib.sha256(key.encode()).hexdigest()
        return self._names / registry / key


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
