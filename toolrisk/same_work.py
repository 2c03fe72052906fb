"""Whether other machines would do the work as this one does: the same software, and the same files at the same paths.

Not for reaching them.
"""

import hashlib
import platform
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

_TOP = Path(__file__).resolve().parent.parent
_PACKAGES = ("catalog", "classifier", "clients", "crawler", "policy", "site_builder", "site_templates", "toolrisk")
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs the work: which machine it is, versions of software by name, digests of files by path."""

    name: str
    software: Mapping[str, str]
    files: Mapping[str, str]


def describe_machine(paths: Sequence[str]) -> Machine:
    """Describe the machine that this runs on, with the files at these paths."""
    return Machine(_name_machine(), _list_software(), {path: _digest(Path(path)) for path in paths})


def find_difference(here: Machine, there: Machine) -> str | None:
    """Say what another machine has otherwise than this one, and what to do; None when the work is the same there."""
    for name, version in here.software.items():
        if (other := there.software.get(name, "none")) != version:
            return f"has {name} {other}, this machine has {version}; install the same on all"
    for path, digest in here.files.items():
        if there.files[path] != digest:
            return f"does not find at {path} what is there on this machine; share its folder, at the same path"
    return None


def _name_machine() -> str:
    # Containers have names of their own, and share files as programs on one machine do.
    return _BOOT.read_text(encoding="ascii").strip() if _BOOT.is_file() else socket.gethostname()


@cache
def _list_software() -> dict[str, str]:
    versions = {"Python": platform.python_version(), "toolrisk": f"{_find_version('toolrisk')} ({_digest_code()})"}
    for text in (*(metadata.requires("toolrisk") or ()), "dask", "distributed", "cloudpickle", "msgpack", "tornado"):
        required = Requirement(text)
        if required.marker is None or required.marker.evaluate({"extra": ""}):
            versions[required.name] = _find_version(required.name)
    return versions


def _find_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def _digest_code() -> str:
    digest = hashlib.sha256()
    for name in _PACKAGES:
        for path in sorted((_TOP / name).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(_TOP).as_posix()}\0{_digest(path)}".encode())
    return digest.hexdigest()[:8]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "none"
