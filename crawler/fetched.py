"""A target whose files are on this machine, not yet read."""

from dataclasses import dataclass
from pathlib import Path

from crawler.target import Target


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where a target's files lie: an archive, a directory or a `tools/list` dump.

    `digest` is the SHA-256 of the archive's bytes; None when only reading will tell (directories, dumps).
    `wrapped` says that an archive holds all files in one folder of its own making. `missing` names files that the
    source has and could not give.
    """

    target: Target
    path: Path
    version: str | None = None
    commit: str | None = None
    digest: str | None = None
    wrapped: bool = True
    missing: tuple[str, ...] = ()
