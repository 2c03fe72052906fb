"""Which servers are configured: on this machine and in the current folder, or in the files and folders named.

Not for what they are: launch by launch that is told by `clients.launch`.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clients.client import Surroundings, System
from clients.configuration import ConfiguredServer, Problem, printable, read_configuration
from clients.discovery import FoundFile, find_project_files, find_user_files, name_file
from clients.local_programs import has_manifest

_SYSTEMS = {"darwin": System.MACOS, "win32": System.WINDOWS, "cygwin": System.WINDOWS}


@dataclass(frozen=True, slots=True)
class Found:
    """All configured servers, each with its project if it has one; folders that may be a server's own source."""

    servers: tuple[tuple[ConfiguredServer, Path | None], ...]
    problems: tuple[tuple[str, Problem], ...]
    files: tuple[str, ...]
    sources: tuple[Path, ...] = ()


def this_machine() -> Surroundings:
    """Give the surroundings that the program runs in."""
    return Surroundings(_SYSTEMS.get(sys.platform, System.LINUX), Path.home(), os.environ)


def find_configured(named: Sequence[Path], surroundings: Surroundings, folder: Path) -> Found:
    """Read what was named; when nothing was, the user's files and those of the current folder."""
    if not named:
        return _read_files([*find_user_files(surroundings), *find_project_files(folder)])
    files: list[FoundFile] = []
    sources: list[Path] = []
    for path in named:
        if path.is_dir():
            files += find_project_files(path)
            sources += [path] if has_manifest(path) else []
        else:
            files.append(name_file(path))
    return _read_files(files, sources)


def _read_files(files: Sequence[FoundFile], sources: Sequence[Path] = ()) -> Found:
    servers: list[tuple[ConfiguredServer, Path | None]] = []
    problems: list[tuple[str, Problem]] = []
    seen: set[Path] = set()
    for one in files:
        if one.path in seen:
            continue
        seen.add(one.path)
        read = read_configuration(one.path, one.client, one.place)
        servers += [(server, Path(server.project) if server.project else one.project) for server in read.servers]
        problems += [(one.client, problem) for problem in read.problems]
        if one.named and not read.servers and not read.problems:
            keys = ", ".join(".".join(path) for path in one.place.servers)
            problems.append(
                (one.client, Problem(printable(str(one.path)), None, None, f"expected servers under {keys}"))
            )
    return Found(
        tuple(servers), tuple(problems), tuple(printable(str(path)) for path in seen), tuple(dict.fromkeys(sources))
    )
