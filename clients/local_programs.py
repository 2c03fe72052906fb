"""Scripts, folders and programs of this machine, as a launch names them; the folder that holds a script's source.

Not for reading the source. Only `source_folder` looks at the disk, and only for names.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from clients.packages import Resolution, unresolved

_MANIFESTS = (
    "package.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "go.mod",
    "Cargo.toml",
    "deno.json",
    "server.json",
)
_MAX_PARENTS = 12
_SCRIPT = re.compile(r".*\.(?:py|[cm]?[jt]s|rb|php)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(?:env:)?(\w{1,60})\}|\$(\w{1,60})|%(\w{1,60})%")


def folder_or_reason(path: str | None, folder: str | None, what: str) -> Resolution:
    """Take a script or folder, or the folder that a launch starts in; with neither, say what it is."""
    if path is None and folder is None:
        return unresolved(f"{what}, in a folder that is not named")
    return Resolution(path=path or ".", folder=folder)


def local_program(command: str, folder: str | None) -> Resolution:
    """Say that a program is one of this machine; one that is a script can be read."""
    if _SCRIPT.fullmatch(command) and re.search(r"[\\/]", command):
        return Resolution(path=command, folder=folder)
    name = re.split(r"[\\/]", command)[-1]
    return unresolved(f"a local program: {name}")


def source_folder(resolution: Resolution, home: Path, project: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Find the folder with the source of a script: the nearest with a manifest; never a home or a root as a whole."""
    if resolution.path is None:
        return None
    variables = {**environ, "HOME": str(home), "userHome": str(home), "USERPROFILE": str(home)}
    if project is not None:
        variables |= {
            "workspaceFolder": str(project),
            "workspaceRoot": str(project),
            "CLAUDE_PROJECT_DIR": str(project),
        }
    base = _path(resolution.folder, variables, home, project)
    path = _path(resolution.path, variables, home, base or project)
    if path is None:
        return None
    try:
        path = path.resolve()
        start = path if path.is_dir() else path.parent if path.is_file() else None
        return _nearest(start, home.resolve()) if start is not None else None
    except (OSError, RuntimeError, ValueError):
        return None


def _path(text: str | None, variables: Mapping[str, str], home: Path, base: Path | None) -> Path | None:
    if text is None or "\0" in text:
        return None
    whole = _VARIABLE.sub(lambda match: variables.get(next(filter(None, match.groups())), match.group()), text)
    if whole.startswith("~"):
        whole = whole.replace("~", str(home), 1)
    path = Path(whole)
    if path.is_absolute():
        return path
    return base / path if base is not None else None


def has_manifest(folder: Path) -> bool:
    """Tell whether a folder is the top of a package or project."""
    return any((folder / name).is_file() for name in _MANIFESTS)


def _nearest(start: Path, home: Path) -> Path | None:
    for folder in [start, *start.parents][:_MAX_PARENTS]:
        if folder == home or folder in home.parents or folder.parent == folder:
            return None
        if has_manifest(folder):
            return folder
    return None
