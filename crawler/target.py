"""What can be crawled, and how a person writes it on one line.

Not for fetching: a target is only a name until crawler/fetch/fetching.py is asked for it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packaging.utils import canonicalize_name

from crawler.errors import TargetError

FORMS = (
    "npm:NAME[@VERSION], pypi:NAME[==VERSION], github:OWNER/REPO[@REF][#SUBFOLDER], "
    "git:URL-OR-PATH[@REF][#SUBFOLDER], a directory[#SUBFOLDER], "
    "an archive or its https:// address (.tgz .tar.gz .tar.xz .zip .whl .mcpb .dxt)[#sha256=HEX], tools:FILE.json"
)
ARCHIVE_SUFFIXES = (".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar", ".zip", ".whl", ".mcpb", ".dxt")

_VERSION = r"[A-Za-z0-9][A-Za-z0-9.+_!-]{0,127}"
_NPM = re.compile(rf"((?:@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*)(?:@({_VERSION}))?")
_PYPI = re.compile(rf"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:==({_VERSION}))?")
_GITHUB = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100})(?:@([^\s#@:~^?*\[\\]{1,200}))?(?:#([^\s#]{1,500}))?"
)
# The @ of user@host is not a ref's: an address may begin with scheme://host/ or user@host: before its path.
_GIT = re.compile(
    r"((?:[a-z+]{1,20}://[^/#]{0,300}/|[^/#@\s]{1,100}@[^/#@:]{1,200}:)?[^#@]{1,1000})"
    r"(?:@([^\s#@:~^?*\[\\]{1,200}))?(?:#([^\s#]{1,500}))?"
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
# npm reads "1", "1.2" and words as ranges and tags: what they mean today only the registry knows.
_NPM_EXACT = re.compile(r"\d+\.\d+\.\d+(?:[-+][A-Za-z0-9.+-]{1,100})?")
_URL = re.compile(r"(https?://[^\s#?]{1,1000})(?:#sha256=([0-9a-fA-F]{64}))?")


class TargetKind(StrEnum):
    """Where a target's files come from."""

    NPM = "npm"
    PYPI = "pypi"
    GITHUB = "github"
    GIT = "git"
    DIRECTORY = "directory"
    ARCHIVE = "archive"
    URL = "url"
    TOOLS = "tools"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to crawl. `version` is a version, a git ref or an archive's SHA-256; None asks for the newest.

    A dependency's may be a range of versions, as its registry's client reads it.
    """

    kind: TargetKind
    name: str
    version: str | None = None
    subfolder: str | None = None

    @property
    def identity(self) -> str:
        """The target without its version: what stays the same from one crawl to the next."""
        return f"{self.name}#{self.subfolder}" if self.subfolder else self.name

    @property
    def key(self) -> str:
        """The identity as its registry compares it, however it was written."""
        if self.kind is TargetKind.PYPI:
            return canonicalize_name(self.name)
        name = self.name.lower() if self.kind is TargetKind.GITHUB else self.name
        return f"{name}#{self.subfolder}" if self.subfolder else name

    @property
    def exact_version(self) -> str | None:
        """The one version that is asked for; None for the newest, or the newest of a range."""
        return self.version if self.version and re.fullmatch(_VERSION, self.version) else None

    @property
    def is_fixed(self) -> bool:
        """Tell whether what it names can never change."""
        if self.kind is TargetKind.NPM:
            return _NPM_EXACT.fullmatch(self.version or "") is not None
        if self.kind is TargetKind.PYPI:
            return self.exact_version is not None
        if self.kind in (TargetKind.GIT, TargetKind.GITHUB):
            return _COMMIT.fullmatch(self.version or "") is not None
        return self.kind is TargetKind.URL and self.version is not None

    @property
    def requirement(self) -> str:
        """The target as pip reads it."""
        at = "==" if self.exact_version else ""
        return f"{self.name}{at}{self.version or ''}"

    def __str__(self) -> str:
        """Write the target as a person would."""
        if self.kind in (TargetKind.DIRECTORY, TargetKind.ARCHIVE):
            return self.identity
        if self.kind is TargetKind.URL:
            return f"{self.name}#sha256={self.version}" if self.version else self.name
        at = "==" if self.kind is TargetKind.PYPI else "@"
        version = f"{at}{self.version}" if self.version else ""
        return f"{self.kind}:{self.name}{version}" + (f"#{self.subfolder}" if self.subfolder else "")


def parse_target(text: str) -> Target:
    """Read one target as a person writes it. Raises TargetError, naming the accepted forms."""
    kind, colon, rest = text.partition(":")
    patterns = {"npm": _NPM, "pypi": _PYPI, "github": _GITHUB, "git": _GIT}
    if colon and kind in patterns:
        match = patterns[kind].fullmatch(rest)
        if match is None or rest.startswith("-"):
            raise TargetError(text, f"not a {kind} target; accepted: {FORMS}")
        subfolder = match.group(3) if match.re.groups > 2 else None
        return Target(TargetKind(kind), match.group(1), match.group(2), _clean_subfolder(text, subfolder))
    if (match := _URL.fullmatch(text)) and match.group(1).lower().endswith(ARCHIVE_SUFFIXES):
        return Target(TargetKind.URL, match.group(1), match.group(2).lower() if match.group(2) else None)
    if colon and kind == "tools" and rest:
        return Target(TargetKind.TOOLS, rest)
    if text.strip() and "\0" not in text and Path(text).is_dir():
        return Target(TargetKind.DIRECTORY, text)
    folder, hash_sign, subfolder = text.rpartition("#")
    if hash_sign and folder.strip() and "\0" not in text and Path(folder).is_dir():
        return Target(TargetKind.DIRECTORY, folder, None, _clean_subfolder(text, subfolder))
    if text.lower().endswith(ARCHIVE_SUFFIXES) and "://" not in text:
        return Target(TargetKind.ARCHIVE, text)
    raise TargetError(text, f"no such directory, and not a target; accepted: {FORMS}")


def target_of_kind(kind: str, text: str) -> Target:
    """Read a target whose kind is known, whether or not the folder that it names is still there."""
    if kind == TargetKind.DIRECTORY:
        folder, _, subfolder = text.partition("#")
        return Target(TargetKind.DIRECTORY, folder, None, subfolder or None)
    return Target(TargetKind.ARCHIVE, text) if kind == TargetKind.ARCHIVE else parse_target(text)


def read_targets(path: Path) -> list[Target]:
    """Read a list of targets, one a line; `#` at a line's start or after a space begins a comment.

    Raises TargetError with the line's number.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(str(path), f"the list cannot be read: {error}") from error
    targets = []
    for number, line in enumerate(lines, start=1):
        text = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if text:
            try:
                targets.append(parse_target(text))
            except TargetError as error:
                raise TargetError(f"{path}:{number}", str(error)) from error
    return targets


def _clean_subfolder(text: str, subfolder: str | None) -> str | None:
    if subfolder is None:
        return None
    parts = [part for part in subfolder.split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        raise TargetError(text, "the subfolder must lie inside the repository")
    return "/".join(parts)
