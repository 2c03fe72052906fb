"""What a client is: where it keeps its configuration on each system, and where in the file servers stand.

Not for reading: that is configuration.py. The places of each client are data, in __init__.py.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath


class System(StrEnum):
    """The operating systems that places differ on."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"


class Language(StrEnum):
    """The languages that configurations are written in; JSON may have comments and trailing commas."""

    JSON = "json"
    TOML = "toml"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What places depend on. `home` is a path of the system's kind, so that every system can be thought on any."""

    system: System
    home: PurePath
    environ: Mapping[str, str]

    def named(self, variable: str) -> PurePath | None:
        """Give the folder that a variable of the environment names."""
        text = self.environ.get(variable)
        return type(self.home)(text) if text else None


KeyPath = tuple[str, ...]  # keys from the top of a file to the servers by name; "*" is any key


@dataclass(frozen=True, slots=True)
class Place:
    """A configuration file: its path below a folder of `FOLDERS`, or below a project. `*` in its name is any text."""

    folder: str
    path: str
    servers: tuple[KeyPath, ...] = (("mcpServers",),)
    language: Language = Language.JSON
    systems: tuple[System, ...] = tuple(System)

    def below(self, folder: PurePath) -> PurePath:
        """Give the file's path below a folder."""
        return folder.joinpath(*self.path.split("/"))


@dataclass(frozen=True, slots=True)
class Client:
    """A program that starts MCP servers or calls them: the files of its user, and those of a project."""

    id: str
    title: str
    places: tuple[Place, ...]
    project_places: tuple[Place, ...] = ()

    def files(self, surroundings: Surroundings) -> Iterator[tuple[PurePath, Place]]:
        """Give where its user's files would be on a system, whether or not they are there."""
        for place in self.places:
            if surroundings.system in place.systems:
                yield place.below(FOLDERS[place.folder](surroundings)), place


def _config(surroundings: Surroundings) -> PurePath:
    return surroundings.named("XDG_CONFIG_HOME") or surroundings.home / ".config"


def _app(surroundings: Surroundings) -> PurePath:
    """Give where desktop programs keep their settings."""
    if surroundings.system is System.WINDOWS:
        return surroundings.named("APPDATA") or surroundings.home / "AppData" / "Roaming"
    if surroundings.system is System.MACOS:
        return surroundings.home / "Library" / "Application Support"
    return _config(surroundings)


def _local(surroundings: Surroundings) -> PurePath:
    """Give where Windows keeps what stays on one machine, such as the files of packaged programs."""
    return surroundings.named("LOCALAPPDATA") or surroundings.home / "AppData" / "Local"


def _variable(name: str, *usual: str) -> Callable[[Surroundings], PurePath]:
    return lambda surroundings: surroundings.named(name) or surroundings.home.joinpath(*usual)


FOLDERS: dict[str, Callable[[Surroundings], PurePath]] = {
    "home": lambda surroundings: surroundings.home,
    "config": _config,
    "app": _app,
    "local": _local,
    "claude": _variable("CLAUDE_CONFIG_DIR"),
    "codex": _variable("CODEX_HOME", ".codex"),
    "copilot": _variable("COPILOT_HOME", ".copilot"),
}
