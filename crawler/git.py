"""Git repositories: one commit's tree as an archive, through git itself; no work tree, no hooks, no filters."""

import hashlib
import re
import tempfile
from pathlib import Path

from crawler.archive_cache import ArchiveCache
from crawler.command import run_command
from crawler.errors import FetchError
from crawler.fetched import Fetched
from crawler.target import Target, TargetKind

_SECONDS = 600
_COMMIT = re.compile(r"[0-9a-f]{40}")
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",  # a repository owned by somebody else is only read
}


def fetch_git(target: Target, cache: ArchiveCache) -> Fetched:
    """Fetch the tree that a ref names, unless the cache holds that commit already.

    Raises FetchError when the repository or the ref cannot be had.
    """
    address = f"https://github.com/{target.name}.git" if target.kind is TargetKind.GITHUB else _address(target.name)
    with tempfile.TemporaryDirectory(prefix="toolrisk-git-") as folder:
        commit = _resolve(target, address, Path(folder))
        archive = cache.find("git", address, commit) or cache.add(
            "git", address, commit, _archive_tree(target, address, commit, Path(folder))
        )
        return Fetched(target, archive.path, commit=commit, digest=archive.digest)


def _address(name: str) -> str:
    path = Path(name).expanduser()
    return str(path.resolve()) if path.exists() else name


def _resolve(target: Target, address: str, folder: Path) -> str:
    ref = target.version or "HEAD"
    if _COMMIT.fullmatch(ref):
        return ref
    answer = _git(folder, "ls-remote", "--", address, ref, f"refs/tags/{ref}^{{}}")
    if answer is None:
        raise FetchError(str(target), "no such repository, or it may not be read")
    lines = [line.split("\t", 1) for line in answer.splitlines() if "\t" in line]
    # An annotated tag's own object comes first, the commit it points at (^{}) last.
    order = {f"refs/tags/{ref}^{{}}": 0, ref: 1, f"refs/heads/{ref}": 2, f"refs/tags/{ref}": 3}
    lines = sorted((line for line in lines if line[1] in order), key=lambda line: order[line[1]])
    if not lines:
        raise FetchError(str(target), f"the repository has no branch or tag {ref}")
    return lines[0][0]


def _archive_tree(target: Target, address: str, commit: str, folder: Path) -> Path:
    repository = folder / "repository"
    if _git(folder, "init", "--quiet", "--bare", "--", str(repository)) is None:
        raise FetchError(str(target), "git could not make a repository; is the disk full?")
    # The author's export-ignore would hide files that are there; a repository's own attributes come after these.
    (repository / "info").mkdir(exist_ok=True)
    (repository / "info" / "attributes").write_text("* -export-ignore -export-subst\n", encoding="ascii")
    if _git(repository, "fetch", "--quiet", "--depth=1", "--no-tags", "--", address, commit) is None:
        raise FetchError(str(target), f"commit {commit[:12]} could not be fetched")
    file = folder / f"{hashlib.sha256(address.encode()).hexdigest()}.tar"
    if _git(repository, "archive", "--format=tar", f"--output={file}", commit) is None:
        raise FetchError(str(target), f"commit {commit[:12]} could not be read")
    return file


def _git(folder: Path, *arguments: str) -> str | None:
    answer = run_command(["git", *arguments], cwd=folder, seconds=_SECONDS, environment=_ENVIRONMENT)
    return answer.stdout if answer.returncode == 0 else None
