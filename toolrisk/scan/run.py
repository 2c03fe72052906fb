"""A scan from beginning to end: find what is configured, look it up, read what may be read, judge, compare, ignore.

Not for printing or exit codes: those are the command's.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from clients.client import Surroundings
from clients.configuration import ConfiguredServer, Launch, printable
from clients.launch import resolve
from clients.local_programs import source_folder
from clients.packages import Resolution
from toolrisk.scan.baseline import Baseline, compare
from toolrisk.scan.finding import merge_findings
from toolrisk.scan.finding_servers import Found
from toolrisk.scan.ignoring import Ignored, ignore
from toolrisk.scan.judging import is_other_version, judge_problem, judge_servers
from toolrisk.scan.looking_up import Known
from toolrisk.scan.report import ReadServer, ScannedServer, ScanReport


@dataclass(frozen=True, slots=True)
class Readers:
    """How servers come to be known. Reading is handed in, because it is slow to load and often not needed."""

    look_up: Callable[[Iterable[str]], tuple[Known, str | None]]
    read_folder: Callable[[Path], ReadServer | str]
    read_sources: Callable[[Path], list[ReadServer]]
    fetch: Callable[[str], ReadServer | str] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a person has accepted already, and the day it is, on which that may end."""

    today: date
    baseline: Baseline | None = None
    ignored: tuple[Ignored, ...] = ()


def scan(found: Found, surroundings: Surroundings, readers: Readers, accepted: Accepted) -> ScanReport:
    """Scan what was found to be configured. Raises CatalogError when the catalog cannot be used."""
    resolved = [(server, project, resolve(server.launch)) for server, project in found.servers]
    known, note = readers.look_up({one.key for _, _, one in resolved if one.key})
    reading = _Reading(surroundings, readers, known)
    servers = [reading.server(server, project, resolution) for server, project, resolution in resolved]
    servers += [_own(folder, read) for folder in found.sources for read in readers.read_sources(folder)]
    servers.sort(key=lambda one: (one.where, one.name))
    problems = [judge_problem(client, problem) for client, problem in found.problems]
    findings = merge_findings([*judge_servers(servers), *problems])
    if accepted.baseline is not None:
        findings = compare(findings, servers, accepted.baseline)
    findings, notes = ignore(findings, accepted.ignored, accepted.today)
    return ScanReport(
        tuple(servers),
        findings,
        found.problems,
        found.files,
        (*((note,) if note else ()), *notes),
        compared=accepted.baseline is not None,
    )


class _Reading:
    """Servers read once each, however often they are configured."""

    def __init__(self, surroundings: Surroundings, readers: Readers, known: Mapping[str, ReadServer | str]) -> None:
        self._surroundings = surroundings
        self._readers = readers
        self._known = known
        self._folders: dict[Path, ReadServer | str] = {}
        self._fetched: dict[str, ReadServer | str] = {}

    def server(self, server: ConfiguredServer, project: Path | None, resolution: Resolution) -> ScannedServer:
        """Find out what is known of one configured server."""
        if server.disabled:
            return ScannedServer(server, resolution, None, "switched off")
        found = self._find(project, resolution)
        if isinstance(found, str):
            return ScannedServer(server, resolution, None, found)
        return ScannedServer(server, resolution, found)

    def _find(self, project: Path | None, resolution: Resolution) -> ReadServer | str:
        if resolution.path is not None:
            return self._find_folder(project, resolution)
        known = self._known.get(resolution.key) if resolution.key else None
        if isinstance(known, ReadServer) and resolution.doubt:
            known = replace(known, gaps=(*known.gaps, f"taken for {known.name}, but {resolution.doubt}"))
        if self._readers.fetch is None or resolution.target is None:
            return known or resolution.reason or "not in the catalog; --fetch reads it"
        if isinstance(known, ReadServer) and not _is_other(known, resolution):
            return known
        if resolution.doubt:
            return known or f"not read: {resolution.doubt}"
        if resolution.target not in self._fetched:
            self._fetched[resolution.target] = self._readers.fetch(resolution.target)
        return self._fetched[resolution.target]

    def _find_folder(self, project: Path | None, resolution: Resolution) -> ReadServer | str:
        home = Path(self._surroundings.home)
        folder = source_folder(resolution, home, project, self._surroundings.environ)
        if folder is None:
            return "a script or folder of this machine: no folder with a manifest was found for it"
        if folder not in self._folders:
            self._folders[folder] = self._readers.read_folder(folder)
        return self._folders[folder]


def _is_other(known: ReadServer, resolution: Resolution) -> bool:
    probe = ConfiguredServer("", "", "", None, Launch())
    return is_other_version(ScannedServer(probe, resolution, known))


def _own(folder: Path, read: ReadServer) -> ScannedServer:
    """Make a server of a folder that is one's source: it stands in no configuration."""
    configured = ConfiguredServer(read.name, "", printable(str(folder)), None, Launch())
    return ScannedServer(configured, Resolution(path=str(folder)), read)
