"""What can be crawled, and how a person writes it on one line.

Not for fetching: a target is only a name until crawler/fetch.py is asked for it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from crawler.errors import TargetError

FORMS = (
    "npm:NAME[@VERSION], pypi:NAME[==VERSION], github:OWNER/REPO[@REF][#SUBFOLDER], "
    "git:URL-OR-PATH[@REF][#SUBFOLDER], a directory[#SUBFOLDER], "
    "an archive (.tgz .tar.gz .tar.xz .zip .whl .mcpb .dxt), tools:FILE.json"
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


class TargetKind(StrEnum):
    """Where a target's files come from."""

    NPM = "npm"
    PYPI = "pypi"
    GITHUB = "github"
    GIT = "git"
    DIRECTORY = "directory"
    ARCHIVE = "archive"
    TOOLS = "tools"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to crawl. `version` is a version or a git ref; None asks for the newest.

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
    def exact_version(self) -> str | None:
        """The one version that is asked for; None for the newest, or the newest of a range."""
        return self.version if self.version and re.fullmatch(_VERSION, self.version) else None

    @property
    def requirement(self) -> str:
        """The target as pip reads it."""
        at = "==" if self.exact_version else ""
        return f"{self.name}{at}{self.version or ''}"

    def __str__(self) -> str:
        """Write the target as a person would."""
        if self.kind in (TargetKind.DIRECTORY, TargetKind.ARCHIVE):
            return self.identity
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
