"""The policies of the servers that a scan analysed, one file each, in the format that a client or gateway reads.

Not merged into anybody's settings: that is `toolrisk policy apply`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from policy.errors import PolicyError
from policy.format import Format, sum_up
from policy.profile import Bounds, Profile
from toolrisk.files import write_atomically
from toolrisk.policies.exporting import write_sourced
from toolrisk.policies.source import recommended_for
from toolrisk.scan.report import ScannedServer
from toolrisk.scan.subjects import subject_of

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one server: the file with its policy, or why there is none; and what the format could not say."""

    server: str
    file: Path | None
    says: str


def write_policies(servers: Iterable[ScannedServer], chosen: Format | None, folder: Path) -> list[Written]:
    """Write a recommended policy for each analysed server. Raises OSError when the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    found: list[Written] = []
    taken: set[str] = set()
    for server in servers:
        subject = subject_of(server)
        name = server.name
        if subject is None:
            found.append(Written(name, None, "not analysed, so there is no policy for it"))
            continue
        sourced = recommended_for(subject, Profile.RECOMMENDED, Bounds(), name=name)
        try:
            rendered = write_sourced(sourced, chosen)
        except PolicyError as error:
            found.append(Written(name, None, str(error)))
            continue
        path = folder / _file_name(server, chosen, taken)
        write_atomically(path, rendered.text)
        found.append(Written(name, path, sum_up(rendered.losses)))
    return found


def _file_name(server: ScannedServer, chosen: Format | None, taken: set[str]) -> str:
    """Name a server's file after it and its client; a number keeps two apart that would share one."""
    stem = _NOT_PLAIN.sub("-", f"{server.configured.client}-{server.name}").strip("-.")[:100]
    ending = chosen.language if chosen else "json"
    names = [f"{stem}.{ending}", *(f"{stem}-{number}.{ending}" for number in range(2, len(taken) + 3))]
    name = next(name for name in names if name.casefold() not in taken)
    taken.add(name.casefold())
    return name
