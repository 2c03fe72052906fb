"""What a package declares to depend on, by exact name and version range, as its own ecosystem writes it.

Not for fetching, and not for what is only needed to build or test.
"""

import email.parser
import email.policy
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from packaging.requirements import InvalidRequirement, Requirement

from crawler.target import Target, TargetKind

_NPM_NAME = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]{0,100}/)?[A-Za-z0-9~][A-Za-z0-9._~-]{0,100}")
# A range of versions or a tag: never an address, a path, an alias or a workspace.
_NPM_RANGE = re.compile(r"[A-Za-z0-9.^~<>=*|\s+-]{1,100}")
_PYPI_RANGE = re.compile(r"[A-Za-z0-9.,<>=!~*+ ]{1,100}")
_METADATA = re.compile(r"(?:^|/)(?:[^/]*\.dist-info/METADATA|PKG-INFO)$")
_MAX_DECLARED = 1_000


@dataclass(frozen=True, slots=True)
class Dependency:
    """A dependency as declared: where it comes from, its exact name, and the range of versions."""

    registry: TargetKind
    name: str
    requirement: str

    @property
    def target(self) -> Target:
        """What to fetch: the range stands where a version would."""
        return Target(self.registry, self.name, self.requirement or None)


def declared_dependencies(files: Mapping[str, bytes]) -> dict[str, Dependency]:
    """Give the dependencies of the package at a snapshot's root by name; those no registry answers for are left out."""
    if "package.json" in files:
        return _of_npm(files["package.json"])
    if "pyproject.toml" in files and (found := _of_pyproject(files["pyproject.toml"])):
        return found
    metadata = sorted((path for path in files if _METADATA.search(path)), key=lambda path: (path.count("/"), path))
    return _of_metadata(files[metadata[0]]) if metadata else {}


def optional_dependencies(files: Mapping[str, bytes]) -> list[str]:
    """Name the packages of which an npm package installs the one that fits the machine."""
    manifest = _load(files.get("package.json", b""))
    optional = manifest.get("optionalDependencies")
    return [name for name in optional if _NPM_NAME.fullmatch(name)] if isinstance(optional, dict) else []


def _of_npm(data: bytes) -> dict[str, Dependency]:
    declared = _load(data).get("dependencies")
    found = {}
    for name, wanted in list(declared.items())[:_MAX_DECLARED] if isinstance(declared, dict) else ():
        if _NPM_NAME.fullmatch(name) and isinstance(wanted, str) and _NPM_RANGE.fullmatch(wanted):
            found[name] = Dependency(TargetKind.NPM, name, wanted.strip())
    return found


def _of_pyproject(data: bytes) -> dict[str, Dependency]:
    try:
        project = tomllib.loads(data.decode("utf-8", "replace")).get("project")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    listed = project.get("dependencies") if isinstance(project, dict) else None
    return _of_requirements(line for line in (listed if isinstance(listed, list) else ()) if isinstance(line, str))


def _of_metadata(data: bytes) -> dict[str, Dependency]:
    header = data[:400_000].split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
    message = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(header)
    return _of_requirements(str(line) for line in message.get_all("Requires-Dist", []))


def _of_requirements(lines: Iterable[str]) -> dict[str, Dependency]:
    found = {}
    for _, line in zip(range(_MAX_DECLARED), lines, strict=False):
        try:
            requirement = Requirement(line[:500])
        except InvalidRequirement:
            continue
        wanted = str(requirement.specifier)
        extra = requirement.marker is not None and "extra" in str(requirement.marker)
        if not extra and requirement.url is None and (not wanted or _PYPI_RANGE.fullmatch(wanted)):
            found[requirement.name] = Dependency(TargetKind.PYPI, requirement.name, wanted)
    return found


def _load(data: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
