"""A repository's place, whichever way its address was written: so that the same one is known again."""

import re
from dataclasses import dataclass

from crawler.errors import TargetError
from crawler.target import Target, TargetKind, parse_target

_ADDRESS = re.compile(
    r"(?:git\+)?(?:(?:https?|git|ssh)://)?(?:[\w.~-]{1,100}@)?(?:www\.)?([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})(?::\d{1,5})?[/:]"
    r"([\w.~-]{1,100}(?:/[\w.~-]{1,100}){1,4}?)/?(?:(?:/-)?/(?:tree|blob|src)/(?:branch/)?([^/?#]{1,200})(?:/([^?#]{1,500}))?)?"
    r"(?:[?#].{0,500})?"
)
_SHORT = re.compile(r"(?:github:)?([\w-]{1,39}/[\w.-]{1,100})")
_TWO_PARTS = frozenset(("github.com", "codeberg.org", "bitbucket.org"))


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository and a folder in it. `path` is owner and name as written; places compare without case."""

    host: str
    path: str
    subfolder: str | None = None
    ref: str | None = None

    @property
    def place(self) -> str:
        """Give what identifies it: host, path and folder, such as `github.com/owner/name#folder`."""
        base = f"{self.host}/{self.path}".lower()
        return f"{base}#{self.subfolder}" if self.subfolder else base

    @property
    def address(self) -> str:
        """Give its address on the web."""
        return f"https://{self.host}/{self.path}"

    def target(self) -> Target | None:
        """Give it as something to crawl; None when its parts cannot be written as a target."""
        at = f"@{self.ref}" if self.ref else ""
        folder = f"#{self.subfolder}" if self.subfolder else ""
        form = f"github:{self.path}" if self.host == "github.com" else f"git:{self.address}.git"
        try:
            return parse_target(f"{form}{at}{folder}")
        except TargetError:
            return None


def parse_repository(text: str | None, subfolder: str | None = None, ref: str | None = None) -> Repository | None:
    """Read an address of a repository, short or long; None when it is none."""
    text = (text or "").strip()
    if match := _SHORT.fullmatch(text):
        return Repository("github.com", match.group(1).removesuffix(".git"), _folder(subfolder), ref)
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return None
    host, path = match.group(1).lower(), match.group(2).removesuffix(".git")
    if host in _TWO_PARTS:
        path = "/".join(path.split("/")[:2]).removesuffix(".git")
    return Repository(host, path, _folder(subfolder or match.group(4)), ref or match.group(3))


def repository_of(target: Target) -> Repository | None:
    """Give the repository that a target is; None for other kinds and for those on this machine."""
    if target.kind is TargetKind.GITHUB:
        return Repository("github.com", target.name, target.subfolder, target.version)
    return parse_repository(target.name, target.subfolder, target.version) if target.kind is TargetKind.GIT else None


def _folder(text: str | None) -> str | None:
    parts = [part for part in (text or "").replace("\\", "/").split("/") if part not in ("", ".")]
    return "/".join(parts) if parts and ".." not in parts else None
