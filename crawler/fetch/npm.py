"""npm packages, through npm itself: `npm pack`, lifecycle scripts off, many names a call."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from crawler.errors import ClientError, FetchError
from crawler.fetch.archive_cache import ArchiveCache
from crawler.fetch.batch import Fetches, RefusedError, named_in
from crawler.fetch.command import run_command
from crawler.fetched import Fetched
from crawler.target import Target

_SECONDS = 300
_OUT_OF_REACH = frozenset(
    ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]
)


def fetch_npm(targets: Sequence[Target], cache: ArchiveCache) -> Fetches:
    """Fetch packages by exact name into the cache, in one call of npm.

    Raises FetchError when npm refuses one of them, ClientError when npm is missing or cannot reach its registry.
    """
    with tempfile.TemporaryDirectory(prefix="toolrisk-npm-") as folder:
        # An empty working folder, so that a name can never mean a local one.
        inside = Path(folder)
        specs = [_spec(target) for target in targets]
        answer = run_command(
            [
                "npm",
                "pack",
                "--ignore-scripts",
                "--json",
                "--loglevel=error",
                "--pack-destination",
                folder,
                "--",
                *specs,
            ],
            cwd=inside,
            seconds=_SECONDS,
        )
        packed = _read_answer(answer.stdout, answer.stderr, targets)
        return {
            target: _keep(target, str(entry["version"]), inside / str(entry["filename"]), cache)
            for target, entry in zip(targets, packed, strict=True)
        }


def _spec(target: Target) -> str:
    return f"{target.name}@{target.version}" if target.version else target.name


def _read_answer(stdout: str, stderr: str, targets: Sequence[Target]) -> list[dict[str, object]]:
    what = str(targets[0]) if len(targets) == 1 else f"{len(targets)} npm packages"
    try:
        answer = json.loads(stdout)
    except ValueError as error:
        raise FetchError(what, f"npm answered without JSON: {stderr.strip()[:200]}") from error
    if isinstance(answer, dict) and "error" in answer:
        code = str(answer["error"].get("code"))
        if code in _OUT_OF_REACH:
            raise ClientError("npm", f"the npm registry cannot be reached ({code}; check the network or the proxy)")
        reason = {"E404": "no such package", "ETARGET": "no such version"}.get(code)
        if reason is not None:
            said = f"{answer['error'].get('summary')} {answer['error'].get('detail')}"
            if (one := named_in(said, targets, lambda target: f"{target.name}@{target.version or '*'}")) is not None:
                raise RefusedError(one, FetchError(str(one), reason, cause="not found"))
            raise FetchError(what, reason, cause="not found")
        raise FetchError(what, f"npm refused ({code}): {str(answer['error'].get('summary'))[:200]}", cause="refused")
    packed = answer if isinstance(answer, list) else list(answer.values())
    if len(packed) != len(targets):
        raise FetchError(what, f"npm packed {len(packed)} of {len(targets)} packages")
    return packed


def _keep(target: Target, version: str, file: Path, cache: ArchiveCache) -> Fetched:
    archive = cache.add("npm", target.name, version, file)
    if target.version not in (None, version):
        cache.also("npm", target.name, target.version, archive)
    return Fetched(target, archive.path, version=version, digest=archive.digest)
