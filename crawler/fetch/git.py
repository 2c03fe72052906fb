"""Git repositories: one commit's tree as an archive, through git itself; no work tree, no hooks, no filters."""

import re
import tempfile
from pathlib import Path

from crawler.errors import FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.command import run_command
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

    Of a partial clone the files that it lacks are named in the result, and the rest is read.
    Raises FetchError when the repository or the ref cannot be had.
    """
    address = f"https://github.com/{target.name}.git" if target.kind is TargetKind.GITHUB else _address(target.name)
    with tempfile.TemporaryDirectory(prefix="toolrisk-git-") as name:
        folder = Path(name)
        commit = _resolve(target, address, folder)
        archive = cache.find("git", address, commit)
        missing: tuple[str, ...] = ()
        if archive is None:
            repository = _bring(target, address, commit, folder)
            missing = _missing(repository, commit) if Path(address).is_dir() else ()
            file = _archive_tree(target, repository, commit, missing)
            # A partial clone may be whole tomorrow, so what it gives today is not kept for that commit.
            archive = cache.add("git", address, f"{commit}-{len(missing)}" if missing else commit, file)
        return Fetched(target, archive.path, commit=commit, digest=archive.digest, wrapped=False, missing=missing)


def _address(name: str) -> str:
    path = Path(name).expanduser()
    return str(path.resolve()) if path.exists() else name


def _resolve(target: Target, address: str, folder: Path) -> str:
    ref = target.version or "HEAD"
    if _COMMIT.fullmatch(ref):
        return ref
    answer = _git(folder, "ls-remote", "--", address, ref, f"refs/tags/{ref}^{{}}")
    if answer is None:
        raise FetchError(str(target), "no such repository, or it may not be read", cause="not found")
    lines = [line.split("\t", 1) for line in answer.splitlines() if "\t" in line]
    # An annotated tag's own object comes first, the commit it points at (^{}) last.
    order = {f"refs/tags/{ref}^{{}}": 0, ref: 1, f"refs/heads/{ref}": 2, f"refs/tags/{ref}": 3}
    lines = sorted((line for line in lines if line[1] in order), key=lambda line: order[line[1]])
    if not lines:
        raise FetchError(str(target), f"the repository has no branch or tag {ref}", cause="not found")
    return lines[0][0]


def _bring(target: Target, address: str, commit: str, folder: Path) -> Path:
    """Make a bare repository that has the commit: fetched, or beside the objects of a repository on this machine."""
    repository = folder / "repository"
    if _git(folder, "init", "--quiet", "--bare", "--", str(repository)) is None:
        raise FetchError(str(target), "git could not make a repository; is the disk full?")
    # The author's export-ignore would hide files that are there; a repository's own attributes come after these.
    (repository / "info").mkdir(exist_ok=True)
    (repository / "info" / "attributes").write_text("* -export-ignore -export-subst\n", encoding="ascii")
    objects = _git(Path(address), "rev-parse", "--git-path", "objects") if Path(address).is_dir() else None
    if objects is not None:
        place = Path(address) / objects.strip()
        (repository / "objects" / "info" / "alternates").write_text(f"{place}\n", encoding="utf-8")
        fetched = _git(repository, "cat-file", "-e", f"{commit}^{{tree}}")
    else:
        fetched = _git(repository, "fetch", "--quiet", "--depth=1", "--no-tags", "--", address, commit)
    if fetched is None:
        raise FetchError(str(target), f"commit {commit[:12]} could not be fetched")
    return repository


def _missing(repository: Path, commit: str) -> tuple[str, ...]:
    """Name the files of a commit whose contents the repository lacks, as a partial clone's may."""
    said = _git(repository, "rev-list", "--objects", "--no-object-names", "--missing=print", f"{commit}^{{tree}}") or ""
    absent = {line[1:] for line in said.splitlines() if line.startswith("?")}
    if not absent:
        return ()
    listed = _git(repository, "ls-tree", "-r", "-z", "--full-tree", commit) or ""
    entries = (entry.partition("\t") for entry in listed.split("\0"))
    return tuple(path for about, _, path in entries if about.rpartition(" ")[2] in absent)


def _archive_tree(target: Target, repository: Path, commit: str, missing: tuple[str, ...]) -> Path:
    tree: str | None = commit
    if missing:
        paths = repository / "missing"
        paths.write_bytes("\0".join(missing).encode("utf-8", "surrogateescape"))
        _git(repository, "read-tree", commit)
        given = (f"--pathspec-from-file={paths}", "--pathspec-file-nul")
        _git(repository, "--literal-pathspecs", "rm", "--cached", "--quiet", "--ignore-unmatch", *given)
        tree = _git(repository, "write-tree", "--missing-ok")
    file = repository / "tree.tar"
    if tree is None or _git(repository, "archive", "--format=tar", f"--output={file}", tree.strip()) is None:
        raise FetchError(str(target), f"commit {commit[:12]} could not be read")
    return file


def _git(folder: Path, *arguments: str) -> str | None:
    answer = run_command(["git", *arguments], cwd=folder, seconds=_SECONDS, environment=_ENVIRONMENT)
    return answer.stdout if answer.returncode == 0 else None
