"""What a package says of itself: name, version, purpose, repository; from the manifest of its ecosystem."""

import email.parser
import email.policy
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import orjson

_TEXT_LIMIT = 2_000
_WEB = re.compile(r"https?://[^\s<>\"']{1,500}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A package's own words about itself; None where it is silent."""

    name: str | None = None
    version: str | None = None
    title: str | None = None
    description: str | None = None
    repository: str | None = None
    homepage: str | None = None
    licence: str | None = None


def read_manifest(files: Mapping[str, bytes]) -> Manifest:
    """Read the manifests at the top of a snapshot; where several speak, the first that knows a thing wins."""
    manifest = Manifest()
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        reader = _READERS.get(path) or (_read_core_metadata if _is_core_metadata(path) else None)
        if reader is not None:
            manifest = _fill(manifest, reader(files[path]))
    return manifest


def _is_core_metadata(path: str) -> bool:
    return path == "PKG-INFO" or re.fullmatch(r"[^/]+\.dist-info/METADATA", path) is not None


def _fill(manifest: Manifest, more: Manifest) -> Manifest:
    gaps = {
        field.name: getattr(more, field.name)
        for field in fields(Manifest)
        if getattr(manifest, field.name) is None and getattr(more, field.name) is not None
    }
    return replace(manifest, **gaps)


def _read_package_json(data: bytes) -> Manifest:
    package = _load_json(data)
    return Manifest(
        name=_text(package.get("name")),
        version=_text(package.get("version")),
        description=_text(package.get("description")),
        repository=_repository(package.get("repository")),
        homepage=_web(package.get("homepage")),
        licence=_text(package.get("license")),
    )


def _read_mcpb_manifest(data: bytes) -> Manifest:
    package = _load_json(data)
    if not {"manifest_version", "dxt_version"} & package.keys():
        return Manifest()
    return replace(_read_package_json(data), title=_text(package.get("display_name")))


def _read_pyproject(data: bytes) -> Manifest:
    try:
        project = tomllib.loads(data.decode("utf-8", "replace")).get("project")
    except (tomllib.TOMLDecodeError, RecursionError):
        return Manifest()
    if not isinstance(project, dict):
        return Manifest()
    urls = project.get("urls")
    links = {str(key).lower(): value for key, value in urls.items()} if isinstance(urls, dict) else {}
    return Manifest(
        name=_text(project.get("name")),
        version=_text(project.get("version")),
        description=_text(project.get("description")),
        repository=_repository_link(links),
        homepage=_web(links.get("homepage")),
        licence=_text(project.get("license")),
    )


def _read_core_metadata(data: bytes) -> Manifest:
    header = data[:200_000].split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
    message = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(header)
    links = {}
    for line in message.get_all("Project-URL", []):
        label, comma, url = str(line).partition(",")
        if comma:
            links[label.strip().lower()] = url.strip()
    return Manifest(
        name=_text(message.get("Name")),
        version=_text(message.get("Version")),
        description=_text(message.get("Summary")),
        repository=_repository_link(links),
        homepage=_web(message.get("Home-page")) or _web(links.get("homepage")),
        licence=_text(message.get("License-Expression")) or _short(message.get("License")),
    )


_READERS = {
    "package.json": _read_package_json,
    "manifest.json": _read_mcpb_manifest,
    "pyproject.toml": _read_pyproject,
}


def _repository_link(links: Mapping[str, Any]) -> str | None:
    for label in ("repository", "source", "source code", "code", "github", "homepage"):
        if (url := _repository(links.get(label))) and re.search(r"git(?:hub|lab)|bitbucket|codeberg", url):
            return url
    return None


def _repository(value: object) -> str | None:
    """Give the web address of a repository, whichever of npm's short and long forms it was written in."""
    if isinstance(value, dict):
        value = value.get("url")
    if not isinstance(value, str):
        return None
    if match := re.fullmatch(r"(?:github:)?([\w.-]{1,100}/[\w.-]{1,100})", value):
        return f"https://github.com/{match.group(1)}"
    address = re.sub(r"^git\+", "", value.strip())
    address = re.sub(r"^(?:git://|ssh://git@|git@)([^/:]{1,200})[:/]", r"https://\1/", address)
    return _web(re.sub(r"\.git$", "", address))


def _web(value: object) -> str | None:
    text = _text(value)
    return text if text and _WEB.fullmatch(text) else None


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.encode("utf-8", "replace").decode().replace("\x00", "").strip()
    return text[:_TEXT_LIMIT] or None


def _short(value: object) -> str | None:
    # Old packages put the whole licence text here.
    text = _text(value)
    return text if text and len(text) <= 80 and "\n" not in text else None


def _load_json(data: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
