"""Replacing a person's file so that nothing of it can be lost: links are refused, what was there is kept beside it.

Not for what the new text says.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from policy.errors import PolicyError
from toolrisk.files import write_atomically
from toolrisk.texts import one_line

_MAX_BYTES = 4 * 1024 * 1024
_MAX_BACKUPS = 1000
_ANYBODY = 0o222


@dataclass(frozen=True, slots=True)
class Replaced:
    """Where a file's earlier content is; None where there was no file."""

    backup: Path | None


def read_whole(path: Path, below: Path | None) -> bytes | None:
    """Read a file that may be replaced later; None when it is not there. Raises PolicyError when it may not be.

    `below` is the folder that it must not leave through a link, if it stands in it.
    """
    _check_links(path, below)
    try:
        found = path.lstat()
    except FileNotFoundError:
        _check_folder(path)
        return None
    except OSError as error:
        raise _refused(path, f"cannot be looked at: {error.strerror}") from None
    if not stat.S_ISREG(found.st_mode):
        raise _refused(path, "is no regular file; name the file with --file")
    if not found.st_mode & _ANYBODY or not os.access(path, os.W_OK):
        raise _refused(path, "is read-only; make it writable if the policy may go there")
    _check_folder(path)
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise _refused(path, f"is larger than {_MAX_BYTES // 1024 // 1024} MB")
    return data


def replace_whole(path: Path, before: bytes | None, after: bytes, below: Path | None) -> Replaced:
    """Put new content in the place of what was read, and the old beside it. Raises PolicyError when it has changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if read_whole(path, below) != before:
        raise _refused(path, "was changed by somebody else in the meantime; run the command again")
    backup = None if before is None else _back_up(path, before)
    if read_whole(path, below) != before:
        raise _refused(path, "was changed by somebody else in the meantime; run the command again")
    write_atomically(path, after.decode())
    return Replaced(backup)


def _back_up(path: Path, data: bytes) -> Path:
    """Keep content beside a file, under the first name that is free or holds the same."""
    for number in range(1, _MAX_BACKUPS):
        backup = path.with_name(f"{path.name}.toolrisk-backup{'' if number == 1 else f'-{number}'}")
        try:
            # Only its owner may read it until it has the file's own mode: it may hold secrets.
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if _holds(backup, data):
                return backup
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        backup.chmod(path.stat().st_mode & 0o7777)
        return backup
    raise _refused(path, f"has {_MAX_BACKUPS} backups beside it; remove some")


def _holds(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _check_links(path: Path, below: Path | None) -> None:
    try:
        if path.is_symlink():
            raise _refused(path, "is a link; name the file that it leads to with --file")
        if (
            below is not None
            and path.is_relative_to(below)
            and not path.parent.resolve().is_relative_to(below.resolve())
        ):
            raise _refused(path, f"is behind a link that leaves {below}; name the file itself with --file")
    except (OSError, RuntimeError) as error:
        raise _refused(path, f"cannot be looked at: {error}") from None


def _check_folder(path: Path) -> None:
    """Refuse a folder that nothing can be written in; one that is not there is made by its nearest."""
    try:
        folder = next(one for one in path.parents if one.exists())
        if not folder.is_dir() or not folder.stat().st_mode & _ANYBODY or not os.access(folder, os.W_OK | os.X_OK):
            raise _refused(path, f"is in {folder}, where nothing can be written")
    except OSError as error:
        raise _refused(path, f"cannot be looked at: {error.strerror}") from None


def _refused(path: Path, why: str) -> PolicyError:
    return PolicyError(f"{one_line(str(path))}: {why}; nothing was written there")
