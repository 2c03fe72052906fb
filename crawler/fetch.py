"""Getting targets onto this machine: packages in batches through their clients, repositories through git.

What the cache holds at the version asked for is not fetched again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from crawler.archive_cache import ArchiveCache
from crawler.batch import Fetches, fetch_in_batches
from crawler.dependencies_declared import Dependency
from crawler.errors import ClientError, FetchError
from crawler.fetched import Fetched
from crawler.git import fetch_git
from crawler.npm import fetch_npm
from crawler.pypi import fetch_pypi
from crawler.target import Target, TargetKind

BATCH = 10  # names in one call of a client: enough to hide its start-up, few enough to see progress
_CLIENTS = 4  # clients running at once

# npm reads "1", "1.2" and words as ranges and tags: what they mean today only the registry knows.
_NPM_EXACT = re.compile(r"\d+\.\d+\.\d+(?:[-+][A-Za-z0-9.+-]{1,100})?")

_Fetcher = Callable[[], Fetches]


def fetch_targets(targets: Sequence[Target], cache: ArchiveCache) -> Iterator[tuple[Target, Fetched | FetchError]]:
    """Fetch targets, yielding each as soon as its batch is there; every target is yielded once."""
    missing = []
    for target in dict.fromkeys(targets):
        if (fetched := _at_hand(target, cache)) is not None:
            yield target, fetched
        else:
            missing.append(target)
    with ThreadPoolExecutor(_CLIENTS, thread_name_prefix="fetch") as pool:
        for fetches in pool.map(lambda fetcher: fetcher(), _fetchers(missing, cache)):
            yield from fetches.items()


def fetch_dependencies(
    wanted: Iterable[Dependency], cache: ArchiveCache
) -> Iterator[tuple[Dependency, Fetched | FetchError]]:
    """Fetch dependencies; what a range last meant is taken from the cache where no registry can be reached."""
    by_target = {dependency.target: dependency for dependency in wanted}
    for target, found in fetch_targets(list(by_target), cache):
        fetched = _cached(target, cache) if isinstance(found, ClientError) else None
        yield by_target[target], fetched or found


def _at_hand(target: Target, cache: ArchiveCache) -> Fetched | FetchError | None:
    if target.kind in (TargetKind.DIRECTORY, TargetKind.ARCHIVE, TargetKind.TOOLS):
        path = Path(target.name)
        return Fetched(target, path) if path.exists() else FetchError(str(target), "no such file")
    exact = _NPM_EXACT.fullmatch(target.version or "") if target.kind is TargetKind.NPM else target.exact_version
    return _cached(target, cache) if exact else None


def _cached(target: Target, cache: ArchiveCache) -> Fetched | None:
    if target.kind not in (TargetKind.NPM, TargetKind.PYPI) or not target.version:
        return None
    archive = cache.find(target.kind, target.name, target.version)
    return Fetched(target, archive.path, version=target.version, digest=archive.digest) if archive else None


def _fetchers(targets: Sequence[Target], cache: ArchiveCache) -> Iterator[_Fetcher]:
    for kind, fetch in ((TargetKind.NPM, fetch_npm), (TargetKind.PYPI, fetch_pypi)):
        named = [target for target in targets if target.kind is kind]
        for start in range(0, len(named), BATCH):
            yield partial(fetch_in_batches, named[start : start + BATCH], partial(fetch, cache=cache))
    for target in targets:
        if target.kind in (TargetKind.GIT, TargetKind.GITHUB):
            yield partial(_git_or_error, target, cache)


def _git_or_error(target: Target, cache: ArchiveCache) -> Fetches:
    try:
        return {target: fetch_git(target, cache)}
    except FetchError as error:
        return {target: error}
