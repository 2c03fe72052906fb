"""Archives taken over HTTP: a commit's tree from GitHub's API, and archives at addresses that listings name."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from crawler.errors import FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetched import Fetched
from crawler.target import Target
from crawler.web import Answer, Web

_MAX_BYTES = 256 * 1024 * 1024
_NOT_MODIFIED = 304
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class GitHub:
    """GitHub's API: where it is, and the token that it is asked with."""

    token: str
    api: str

    def headers(self) -> dict[str, str]:
        """Give the headers of every request."""
        return {"Authorization": f"Bearer {self.token}", "X-GitHub-Api-Version": "2022-11-28"}


def fetch_github(target: Target, github: GitHub, web: Web, cache: ArchiveCache) -> Fetched:
    """Fetch the tree that a ref names, unless that commit is held already. Raises FetchError."""
    repository = f"{github.api}/repos/{target.name}"
    commit = target.version if target.is_fixed else _commit(target, repository, github, web, cache)
    archive = cache.find("github", target.name, str(commit))
    if archive is None:
        with tempfile.TemporaryDirectory(prefix="toolrisk-github-") as folder:
            file = Path(folder) / "tree.tar.gz"
            address = f"{repository}/tarball/{commit}"
            web.download(address, file, headers=github.headers(), max_bytes=_MAX_BYTES).result()
            archive = cache.add("github", target.name, str(commit), file)
    return Fetched(target, archive.path, commit=commit, digest=archive.digest)


def fetch_url(target: Target, web: Web, cache: ArchiveCache) -> Fetched:
    """Fetch an archive by its address, unless it is held already and still the same there. Raises FetchError."""
    version = target.version or "newest"
    held = cache.find("url", target.name, version)
    validators = _validators(target.name, cache) if held else {}
    with tempfile.TemporaryDirectory(prefix="toolrisk-url-") as folder:
        file = Path(folder) / "archive"
        answer = web.download(target.name, file, headers=validators, max_bytes=_MAX_BYTES).result()
        if answer.status != _NOT_MODIFIED or held is None:
            held = cache.add("url", target.name, version, file)
            _note_validators(target.name, answer, cache)
    if target.version is not None and held.digest != target.version:
        raise FetchError(str(target), "its SHA-256 is not the one that was announced", cause="damaged")
    return Fetched(target, held.path, digest=held.digest)


def _commit(target: Target, repository: str, github: GitHub, web: Web, cache: ArchiveCache) -> str:
    """Ask which commit a ref names; an answer that has not changed costs nothing of the rate limit."""
    address = f"{repository}/commits/{quote(target.version or 'HEAD', safe='/')}"
    known = cache.read_note(f"commit {address}")
    headers = {**github.headers(), "Accept": "application/vnd.github.sha", **_validators(address, cache, known)}
    answer = web.get(address, headers=headers, max_bytes=1_000)
    commit = known if answer.status == _NOT_MODIFIED else answer.body.decode("ascii", "replace").strip()
    if commit is None or not _COMMIT.fullmatch(commit):
        raise FetchError(str(target), "GitHub named no commit", cause="odd answer")
    if answer.status != _NOT_MODIFIED:
        cache.write_note(f"commit {address}", commit)
        _note_validators(address, answer, cache)
    return commit


def _validators(address: str, cache: ArchiveCache, known: str | None = "") -> dict[str, str]:
    etag, _, modified = (cache.read_note(f"validators {address}") or "").partition("\n")
    pairs = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: text for name, text in pairs.items() if text and known is not None}


def _note_validators(address: str, answer: Answer, cache: ArchiveCache) -> None:
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    cache.write_note(f"validators {address}", f"{etag}\n{modified}")
