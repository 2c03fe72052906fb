"""One fetched target: its files read, its manifest and its tools recovered. Runs in a worker process."""

from dataclasses import dataclass
from pathlib import Path

from catalog.records import Extraction, FileIssue
from crawler.errors import SnapshotError
from crawler.extract import extract_tools
from crawler.fetched import Fetched
from crawler.manifest import Manifest, read_manifest
from crawler.snapshot import Snapshot, read_archive, read_directory, snapshot_of
from crawler.target import Target, TargetKind
from crawler.tools_list import read_tools_list

_DUMP_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was recovered from one target; `digest` identifies its files whatever container they came in."""

    manifest: Manifest
    extraction: Extraction
    digest: str


def recover(fetched: Fetched, known_digest: str | None = None) -> Recovered | None:
    """Read a fetched target and recover its tools; None when its files are still those of `known_digest`.

    Raises SnapshotError when nothing of it can be read.
    """
    if fetched.target.kind is TargetKind.TOOLS:
        return _recover_dump(fetched.path, known_digest)
    snapshot = _read(fetched)
    if fetched.target.subfolder:
        snapshot = _subfolder(snapshot, fetched.target.subfolder, str(fetched.target))
    if snapshot.digest == known_digest:
        return None
    extraction = extract_tools(snapshot.files)
    issues = (*snapshot.issues, *extraction.issues)
    return Recovered(
        read_manifest(snapshot.files),
        Extraction(extraction.definitions, extraction.outcome, extraction.reasons, issues),
        snapshot.digest,
    )


def server_name(target: Target, manifest: Manifest) -> str:
    """Name the server of a target: by the name it is fetched under, else by what its manifest says."""
    if target.kind in (TargetKind.NPM, TargetKind.PYPI, TargetKind.GITHUB):
        return target.identity
    return manifest.name or target.identity.rstrip("/").rsplit("/", 1)[-1]


def _read(fetched: Fetched) -> Snapshot:
    if fetched.target.kind is TargetKind.DIRECTORY:
        return read_directory(fetched.path)
    # A repository's own top folder is part of its paths; a package's wrapper folder is not.
    strip = fetched.target.kind not in (TargetKind.GIT, TargetKind.GITHUB)
    return read_archive(fetched.path, strip_top=strip)


def _subfolder(snapshot: Snapshot, subfolder: str, what: str) -> Snapshot:
    inside = f"{subfolder}/"
    files = {path.removeprefix(inside): data for path, data in snapshot.files.items() if path.startswith(inside)}
    if not files:
        raise SnapshotError(what, f"the repository has no folder {subfolder}")
    issues = tuple(
        FileIssue(issue.path.removeprefix(inside), issue.reason)
        for issue in snapshot.issues
        if issue.path.startswith(inside)
    )
    return snapshot_of(files, issues)


def _recover_dump(path: Path, known_digest: str | None) -> Recovered | None:
    try:
        with path.open("rb") as file:
            data = file.read(_DUMP_LIMIT + 1)
    except OSError as error:
        raise SnapshotError(str(path), f"cannot be read: {error.strerror}") from error
    if len(data) > _DUMP_LIMIT:
        raise SnapshotError(str(path), f"larger than {_DUMP_LIMIT // 2**20} MiB")
    digest = snapshot_of({path.name: data}, ()).digest
    return None if digest == known_digest else Recovered(Manifest(), read_tools_list(data, path.name), digest)
