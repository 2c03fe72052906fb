"""What a repository publishes by its own manifests: the packages that it knows to be its own. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from packaging.utils import canonicalize_name

from crawler.recovery.manifest import read_manifest

_MAX_NAMED = 400
_MAX_MANIFEST = 1_000_000
_MANIFESTS = frozenset(("package.json", "pyproject.toml", "server.json"))


def package_key(registry: str, name: str) -> str:
    """Write a package as declarations have it: `npm:NAME` or `pypi:NAME`."""
    return f"{registry}:{canonicalize_name(name) if registry == 'pypi' else name}"


def declared_packages(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Name what a repository publishes, as `npm:NAME#FOLDER` and `pypi:NAME#FOLDER`."""
    found: dict[str, None] = {}
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if name in _MANIFESTS and len(files[path]) <= _MAX_MANIFEST:
            found.update({f"{key}#{folder}": None for key in _declared(name, files[path])})
    return tuple(found)[:_MAX_NAMED]


def _declared(manifest: str, data: bytes) -> Iterator[str]:
    if manifest == "server.json":  # what a repository tells the official registry of its server
        for entry in _entries(data):
            kind, name = entry.get("registryType"), entry.get("identifier")
            if kind in ("npm", "pypi") and isinstance(name, str) and 0 < len(name) <= 300:
                yield package_key(kind, name)
    elif name := read_manifest({manifest: data}).name:
        yield package_key("npm" if manifest == "package.json" else "pypi", name)


def _entries(data: bytes) -> list[dict[str, Any]]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return []
    entries = document.get("packages") if isinstance(document, dict) else None
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
