"""What a server is got from, as one record, and the ways in which packages and repositories are written.

Not for finding out whether any of it exists: names are only read.
"""

import re
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from clients.redaction import HIDDEN

_NPM = re.compile(r"((?:@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*)(?:@(.{0,200}))?")
_NPM_EXACT = re.compile(r"v?(\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][A-Za-z0-9.+-]{1,100})?)")
_PYPI = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[^\]]{0,200}\])?\s*(?:(==|@|[<>~!]=?)(.{0,200}))?"
)
_PYPI_EXACT = re.compile(r"\d[A-Za-z0-9.+!_-]{0,100}")
_SHORT_GITHUB = re.compile(
    r"(?:github:)?([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}?)(?:\.git)?(?:#(.{1,200}))?"
)
_GIT = re.compile(
    r"(?:git\+)?((?:https?|ssh|git|file)://)(?:[^/@\s]{1,300}@)?([^@#\s?]{1,500})(?:@([^#\s]{1,200}))?(?:#(.{1,300}))?"
)
_GITHUB_HOST = re.compile(r"(?:www\.)?github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}?)(?:\.git)?/?")
_REF = re.compile(r"[^\s#@:~^?*\[\\]{1,200}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a launch comes to. `key` is what it is looked up by, without a version; `target` can be read from there.

    `pinned` is None where nothing could be pinned. `path` is a script or folder of this machine, as it is written, and
    `folder` where it starts from. A `reason` says why there is no target. `doubt` says why what is known under the key
    may not be what starts.
    """

    key: str | None = None
    target: str | None = None
    version: str | None = None
    pinned: bool | None = None
    path: str | None = None
    folder: str | None = None
    reason: str | None = None
    doubt: str | None = None


def unresolved(reason: str) -> Resolution:
    """Say why a launch comes to nothing that could be read."""
    return Resolution(reason=reason)


def address(url: str) -> Resolution:
    """Take an address for a remote server: its source is not known, but a listing may know the address."""
    plain = url.split("?", 1)[0].split("#", 1)[0].rstrip("/")
    scheme, _, rest = plain.partition("://")
    host, slash, path = rest.rpartition("@")[2].partition("/")
    key = f"{scheme.lower()}://{host.lower()}{slash}{path}"
    reason = "a remote server: its source is not known"
    return Resolution(key=key if host and HIDDEN not in key else None, reason=reason)


def npm_package(text: str, folder: str | None = None) -> Resolution:
    """Read a package as npm's clients do: a name with a version, a repository, an archive or a folder."""
    if text.startswith((".", "/", "~", "file:")) or re.match(r"[A-Za-z]:[\\/]", text):
        return Resolution(path=text.removeprefix("file:"), folder=folder)
    if text.startswith(("git+", "git:", "ssh:", "https:", "http:")):
        return repository(text)
    if text.startswith("npm:"):
        return npm_package(text.removeprefix("npm:"), folder)
    short = _SHORT_GITHUB.fullmatch(text)
    if short and not text.startswith("@"):
        return _on_github(short.group(1), short.group(2))
    match = _NPM.fullmatch(text)
    if match is None or text.startswith("-"):
        return unresolved("no name of a package that npm would take")
    name, wanted = match.groups()
    exact = _NPM_EXACT.fullmatch(wanted or "")
    return _package("npm", name, exact.group(1) if exact else None, f"npm:{name}@{{}}")


def pypi_package(text: str, folder: str | None = None) -> Resolution:
    """Read a package as Python's clients do: a requirement, a repository, an archive or a folder."""
    if text.startswith((".", "/", "~", "file:")) or re.match(r"[A-Za-z]:[\\/]", text):
        return Resolution(path=text.removeprefix("file:").removeprefix("//"), folder=folder)
    named, at, source = text.partition(" @ ")
    if at or text.startswith(("git+", "https:", "http:")):
        return repository(source if at else named)
    match = _PYPI.fullmatch(text.split(";", 1)[0].split(",", 1)[0].strip())
    if match is None:
        return unresolved("no name of a package that Python's clients would take")
    name, sign, wanted = canonicalize_name(match.group(1)), match.group(2), (match.group(3) or "").strip().lstrip("=")
    exact = wanted if sign in ("==", "@") and "," not in text and _PYPI_EXACT.fullmatch(wanted) else None
    return _package("pypi", name, exact, f"pypi:{name}=={{}}")


def module_guess(name: str) -> Resolution:
    """Take a module's name for that of a package, as is the custom: good to look up, not to fetch."""
    found = pypi_package(name.split(".", 1)[0])
    reason = "a module that is installed on this machine"
    doubt = "told by the name of its module only"
    return replace(found, target=None, version=None, pinned=None, doubt=doubt, reason=found.reason or reason)


def repository(text: str) -> Resolution:
    """Read a repository's address, with a ref and a folder where they are given, or an archive's."""
    match = _GIT.fullmatch(text)
    if match is None:
        return unresolved("no address of a repository that could be read")
    scheme, place, ref, fragment = match.groups()
    folder = next(
        (part.split("=", 1)[1] for part in (fragment or "").split("&") if part.startswith("subdirectory=")), ""
    )
    # npm writes a ref behind #, pip behind @.
    ref = ref or (fragment if fragment and "=" not in fragment else None)
    if on_github := _GITHUB_HOST.fullmatch(place):
        return _on_github(on_github.group(1), ref, folder)
    if not text.startswith(("git+", "git:", "ssh:")) and not place.endswith(".git"):
        return unresolved("an address that is neither a package nor a repository")
    if HIDDEN in place:
        return unresolved("an address that is kept secret")
    return _at_ref(f"git:{scheme}{place}", ref, folder)


def _on_github(name: str, ref: str | None, folder: str = "") -> Resolution:
    return _at_ref(f"github:{name}", ref, folder)


def _at_ref(place: str, ref: str | None, folder: str) -> Resolution:
    if ref is not None and (ref.startswith(("semver:", "-")) or not _REF.fullmatch(ref)):
        ref = None
    inside = folder.strip("/") if folder and ".." not in folder.split("/") and not re.search(r"[\s#]", folder) else ""
    behind = f"#{inside}" if inside else ""
    kind, _, name = place.partition(":")
    key = f"{kind}:{name.lower() if kind == 'github' else name}{behind}"
    target = f"{place}{'@' + ref if ref else ''}{behind}"
    return Resolution(key, target, ref, pinned=ref is not None and _COMMIT.fullmatch(ref) is not None)


def _package(kind: str, name: str, version: str | None, exact: str) -> Resolution:
    target = exact.format(version) if version else f"{kind}:{name}"
    return Resolution(f"{kind}:{name}", target, version, pinned=version is not None)
