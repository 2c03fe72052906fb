"""Which configuration files are there: those of the user of a machine, and those of a project's folder.

Not for reading them: that is configuration.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from clients import CLIENTS
from clients.client import Client, Language, Place, Surroundings

_MAX_MATCHES = 100
_SUFFIXES = {".toml": Language.TOML, ".yaml": Language.YAML, ".yml": Language.YAML}
_ANYWHERE = tuple(dict.fromkeys(path for client in CLIENTS for place in client.places for path in place.servers))


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A configuration file that is there, whose it is, and what is known of its kind. `project` holds it, if one does.

    `named` says that a person named the file, so that one without servers is worth a word.
    """

    path: Path
    client: str
    place: Place
    project: Path | None = None
    named: bool = False


def find_user_files(surroundings: Surroundings, clients: Sequence[Client] = CLIENTS) -> list[FoundFile]:
    """Find the files of a machine's user."""
    found = [
        FoundFile(path, client.id, place)
        for client in clients
        for wanted, place in client.files(surroundings)
        for path in _matches(wanted)
    ]
    return _once(found)


def find_project_files(folder: Path, clients: Sequence[Client] = CLIENTS) -> list[FoundFile]:
    """Find the files that a project keeps for the clients of everybody who works on it."""
    found = [
        FoundFile(path, client.id, place, folder)
        for client in clients
        for place in client.project_places
        for path in _matches(place.below(folder))
    ]
    return _once(found)


def name_file(path: Path, clients: Sequence[Client] = CLIENTS) -> FoundFile:
    """Say what kind of file a person named: by how its path ends, or any kind of its language."""
    whole = path.absolute()
    known = [
        (place, client.id, place in client.project_places)
        for client in clients
        for place in (*client.project_places, *client.places)
        if _ends_like(whole, place)
    ]
    if known:
        place, client, is_project = max(known, key=lambda one: (len(one[0].path), one[2]))
        project = whole.parents[place.path.count("/")] if is_project else None
        return FoundFile(path, client, place, project, named=True)
    language = _SUFFIXES.get(path.suffix.lower(), Language.JSON)
    return FoundFile(path, "", Place("", path.name, _ANYWHERE, language), whole.parent, named=True)


def _ends_like(path: Path, place: Place) -> bool:
    wanted = place.path.split("/")
    if len(wanted) == 1 and not wanted[0].startswith((".", "mcp", "opencode")):
        return False  # a name such as config.toml says nothing without its folder
    own = path.parts[-len(wanted) :]
    return len(own) == len(wanted) and all(map(fnmatchcase, own, wanted))


def _matches(wanted: PurePath) -> Iterator[Path]:
    """Give the files that a path names; `*` may stand for a name, or part of one."""
    path = Path(wanted)
    at = next((number for number, part in enumerate(path.parts) if "*" in part), None)
    try:
        if at is None:
            if path.is_symlink() or path.exists():
                yield path
            return
        top, rest = Path(*path.parts[:at]), str(Path(*path.parts[at:]))
        yield from sorted(top.glob(rest))[:_MAX_MATCHES] if top.is_dir() else ()
    except OSError:
        yield path  # it is there and cannot be looked at: reading it will say why


def _once(found: Sequence[FoundFile]) -> list[FoundFile]:
    """Leave a file out that was found before under another name, such as a link to it."""
    kept: dict[Path, FoundFile] = {}
    for one in found:
        try:
            key = one.path.resolve()
        except (OSError, RuntimeError):
            key = one.path
        kept.setdefault(key, one)
    return list(kept.values())
