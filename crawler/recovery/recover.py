"""One fetched target: its files read, its manifest and its tools recovered. Runs in a worker process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.records import Extraction, FileIssue
from crawler.errors import CrawlError, SnapshotError
from crawler.fetched import Fetched
from crawler.recovery.declared_packages import declared_packages
from crawler.recovery.dependencies import DependencyFiles, as_installed, wanted_dependencies, with_dependencies
from crawler.recovery.dependencies_declared import Dependency
from crawler.recovery.extract import extract_tools
from crawler.recovery.manifest import Manifest, read_manifest
from crawler.recovery.packages import View, find_packages, package_at, view_of
from crawler.recovery.tools_list import read_tools_list
from crawler.snapshots.snapshot import Limits, Snapshot, read_archive, read_directory, snapshot_of
from crawler.target import Target, TargetKind

_DUMP_LIMIT = 64 * 1024 * 1024
_WHOLE = (TargetKind.GIT, TargetKind.GITHUB, TargetKind.DIRECTORY)
_SEVERAL = 2
_MAX_PARTS = 100
_DEPENDENCY_LIMITS = Limits(total_bytes=128 * 1024 * 1024, files=10_000)

FetchedDependencies = Mapping[Dependency, Fetched | CrawlError]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was recovered from one target; `digest` identifies its files whatever container they came in.

    `wanted` names the dependencies that may declare its tools, when they were not given; `unfinished` says that
    one of them could not be had. `parts` are the servers of a repository that holds several, by folder; its own
    extraction then has the tools of all. `declares` are the packages that a repository publishes.
    """

    manifest: Manifest
    extraction: Extraction
    digest: str
    wanted: tuple[Dependency, ...] = ()
    unfinished: bool = False
    parts: tuple[tuple[str, "Recovered"], ...] = ()
    declares: tuple[str, ...] = ()


def recover(
    fetched: Fetched, known_digest: str | None = None, dependencies: FetchedDependencies | None = None
) -> Recovered | None:
    """Read a fetched target and recover its tools; None when its files are still those of `known_digest`.

    With the dependencies that an earlier look wanted, their files count as its own.
    Raises SnapshotError when nothing of it can be read.
    """
    if fetched.target.kind is TargetKind.TOOLS:
        return _recover_dump(fetched.path, known_digest)
    snapshot, view = _read(fetched), None
    if fetched.target.subfolder:
        snapshot, view = _subfolder(snapshot, fetched.target.subfolder, str(fetched.target))
    laid = [_read_dependency(one, found) for one, found in (dependencies or {}).items()]
    whole = snapshot_of(with_dependencies(snapshot.files, laid), snapshot.issues) if laid else snapshot
    if whole.digest == known_digest:
        return None
    extraction = extract_tools(whole.files)
    wanted = wanted_dependencies(snapshot.files, extraction) if dependencies is None else ()
    wanted = tuple(one for one in wanted if view is None or f"+npm/{one.name}/" not in view.places)
    extraction = as_installed(extraction, laid) if laid else extraction
    extraction = _placed(extraction, view) if view is not None else extraction
    parts = tuple(_parts(snapshot)) if fetched.target.kind in _WHOLE and not fetched.target.subfolder else ()
    missing = (FileIssue(path, "not in the repository, which is a partial clone") for path in fetched.missing)
    extraction = replace(extraction, issues=(*missing, *snapshot.issues, *extraction.issues))
    unfinished = any(isinstance(one, CrawlError) for one in (dependencies or {}).values())
    declares = declared_packages(snapshot.files) if fetched.target.kind in _WHOLE else ()
    return Recovered(read_manifest(snapshot.files), extraction, whole.digest, wanted, unfinished, parts, declares)


def split(fetched: Fetched, recovered: Recovered) -> list[tuple[Fetched, Recovered]]:
    """Give the servers of a target, each as if it had been the target; most targets have one."""
    if not recovered.parts:
        return [(fetched, recovered)]
    return [
        (replace(fetched, target=replace(fetched.target, subfolder=folder or None)), part)
        for folder, part in recovered.parts
    ]


def server_name(target: Target, manifest: Manifest) -> str:
    """Name the server of a target: by the name it is fetched under, else by what its manifest says."""
    if target.kind in (TargetKind.NPM, TargetKind.PYPI, TargetKind.GITHUB):
        return target.identity
    return manifest.name or target.identity.rstrip("/").rsplit("/", 1)[-1]


def _read(fetched: Fetched) -> Snapshot:
    if fetched.target.kind is TargetKind.DIRECTORY:
        return read_directory(fetched.path)
    return read_archive(fetched.path, strip_top=fetched.wrapped)


def _read_dependency(dependency: Dependency, fetched: Fetched | CrawlError) -> DependencyFiles:
    if isinstance(fetched, CrawlError):
        return DependencyFiles(dependency, None, {}, fetched.reason)
    try:
        files = read_archive(fetched.path, strip_top=True, limits=_DEPENDENCY_LIMITS).files
    except SnapshotError as error:
        return DependencyFiles(dependency, None, {}, error.reason)
    return DependencyFiles(dependency, read_manifest(files).version, files)


def _subfolder(snapshot: Snapshot, subfolder: str, what: str) -> tuple[Snapshot, View | None]:
    """Cut a snapshot to a folder, and to what the package there needs of the rest."""
    inside = f"{subfolder.strip('/')}/"
    files = {path.removeprefix(inside): data for path, data in snapshot.files.items() if path.startswith(inside)}
    if not files:
        raise SnapshotError(what, f"the repository has no folder {subfolder}")
    packages = find_packages(snapshot.files)
    package = package_at(packages, subfolder) or package_at(packages, f"{inside}src")
    view = view_of(snapshot.files, package, packages) if package is not None else None
    if view is not None and view.places:
        files.update(view.beside())
    issues = tuple(
        FileIssue(issue.path.removeprefix(inside), issue.reason)
        for issue in snapshot.issues
        if issue.path.startswith(inside)
    )
    return snapshot_of(files, issues), view


def _parts(snapshot: Snapshot) -> Iterator[tuple[str, Recovered]]:
    """Recover each package that runs and has tools, when there are several."""
    packages = find_packages(snapshot.files)
    running = [package for package in packages if package.runs]
    if len(running) < _SEVERAL:
        return
    found = []
    for package in running[:_MAX_PARTS]:
        view = view_of(snapshot.files, package, packages)
        extraction = _placed(extract_tools(view.files), view)
        if extraction.definitions:
            recovered = Recovered(read_manifest(view.files), extraction, snapshot.digest)
            found.append((package.folder, recovered))
    if len(found) >= _SEVERAL:
        yield from found


def _placed(extraction: Extraction, view: View) -> Extraction:
    """Say where things are in the repository, not where they were laid to be read."""
    definitions = tuple(
        replace(one, origin=replace(one.origin, path=view.place(one.origin.path))) if one.origin else one
        for one in extraction.definitions
    )
    issues = tuple(FileIssue(view.place(issue.path), issue.reason) for issue in extraction.issues)
    return replace(
        extraction, definitions=definitions, reasons=tuple(map(view.place, extraction.reasons)), issues=issues
    )


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
